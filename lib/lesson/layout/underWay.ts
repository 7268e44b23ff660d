// Little's law on a strided walk: how many lines it must have had on their way, from the latency of one chain.
import type { ChainsRow, MountainRow } from "../../measure/index.js";

/** The lines on their way in a walk, by stride, and the most of chains side by side. */
export interface LinesUnderWay {
  /** Strides of a line and more, each with its lines on their way, as if each came from main memory. */
  readonly rows: readonly {
    /** fp32 values from one read to the next. */
    readonly stride: number;
    /** Lines. */
    readonly lines: number;
  }[];
  /** The most lines on their way in chains side by side. */
  readonly chains: number;
}

/** Latency of one chain over the time of each value, for the strides of `walks` (WebAssembly) from a line on. */
export function linesUnderWay(walks: readonly MountainRow[], chains: readonly ChainsRow[]): LinesUnderWay {
  const latency = chains[0]!.secondsPerLine;
  return {
    rows: walks
      .filter(({ language, stride }) => language === "wasm" && stride >= 16)
      .map(({ stride, secondsPerValue }) => ({ stride, lines: latency / secondsPerValue })),
    chains: Math.max(...chains.map(({ inFlight }) => inFlight)),
  };
}
