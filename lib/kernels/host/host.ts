// What measuring needs of the place where it runs: threads over one memory, a turn of the event loop, and what the
// system tells of itself. Node's side stands in node.ts, a page's in page.ts.
import type { Served } from "../serve.js";
import { nodeHost } from "./node.js";
import { pageHost } from "./page.js";

/** A place where kernels run and are timed. */
export interface Host {
  /** Where that is, for a sentence: "linux x64, Node 20.20.2". */
  readonly place: string;
  /** What runs WebAssembly, should it lack relaxed SIMD: a sentence's end. */
  readonly engine: string;
  /** Who tells of the memory. */
  readonly system: string;
  /** The processor, as far as it is told. */
  readonly processor: string;
  /** Logical cores, as far as they are told. */
  readonly cores: number;
  /** Threads that may run at once, the calling one among them. */
  readonly threads: number;
  /** Whether threads may share memory. */
  readonly shares: boolean;
  /** Bytes of memory that may be used; undefined where that is not told. */
  readonly memory: number | undefined;
  /** What cannot be measured here and why, a sentence each. */
  readonly lacks: readonly string[];
  /** Starts a thread that serves `data`; resolves when it is ready, rejects where none starts. */
  thread(data: Served): Promise<void>;
  /** Lets the event loop turn. */
  turn(): Promise<void>;
  /** The text of a file of the system, or its folder's names; undefined where there is none. */
  text(path: string): string | undefined;
  names(folder: string): readonly string[] | undefined;
  /** Seconds for which processors were busy, with everything and with this program; undefined where not told. */
  busy(): { readonly all: number; readonly own: number } | undefined;
  /** ONNX Runtime; undefined where it is not installed, and a sentence where there can be none. */
  native(): Promise<unknown>;
  /** Starts watching; what comes back says, in a sentence, what has spoiled every measurement since. */
  watch(): () => string | undefined;
}

let taken: Host | undefined;

/** Where this program runs. */
export function host(): Host {
  taken ??= nodeHost() ?? pageHost();
  return taken;
}

/** Measures as if at `other` from now on; with nothing, where this program runs. For tests. */
export function hostMeasuring(other?: Host): void {
  taken = other;
}
