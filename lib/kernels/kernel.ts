// A runnable variant of an op, and what timing one gives. Which variants exist stands in the files beside this one; how
// to time them in measure/.
import type { Cost, Op } from "../op.js";

/** What executes a kernel: the compute roof that it stands under. */
export type Engine = "javascript" | "wasm" | "native";

/**
 * What the memory traffic of a kernel resembles: the stream whose measured bandwidth is its roof. `update` is in place.
 * `lines` is a read that no load holds up, only the memory: native code, whose loads are wider than WebAssembly's,
 * reads like that.
 */
export type Stream = "read" | "lines" | "copy" | "triad" | "update";

/**
 * A walk through memory that can be measured: a stream, or a stream that touches every line and loads or stores only
 * the beginning of it.
 */
export type Walk = Stream | "copyLines" | "triadLines" | "updateLines";

/** What a run leaves: kept as a sink, so that no engine may drop the work, and compared with a reference in tests. */
export type Result = number | Float32Array;

/** What `run` is held against by the slope method. */
export interface Slope {
  /** What `run` does but for `repeats` executions of the op. */
  baseline(): Result | Promise<Result>;
  /** Executions of the op that `run` holds more. */
  readonly repeats: number;
}

/** A runnable variant of an op, which knows the op that it computes. */
export interface Kernel<Shape = unknown, Args = unknown> {
  /** Unique: "matmul/wasm". */
  readonly name: string;
  /** What executes it. */
  readonly engine: Engine;
  /** What its memory traffic resembles. */
  readonly stream: Stream;
  /** Threads that it runs on; default 1. */
  readonly threads?: number;
  /** What it computes at `shape`, so that FLOPs and bytes come with the time. */
  op(shape: Shape): Op;
  /** Its arrays, filled, outside the timed part. */
  prepare(shape: Shape): Args | Promise<Args>;
  /** The work, once. */
  run(args: Args): Result | Promise<Result>;
  /**
   * For the slope method: `run` holds `repeats` more executions of the op than `baseline`; the op's time is their
   * difference over `repeats`, without the cost of the call.
   */
  slope?(args: Args): Slope | undefined;
  /** The op's whole result, once, where `run` keeps it to itself. */
  answer?(args: Args): Result | Promise<Result>;
  /** Gives back workers and sessions. */
  release?(args: Args): void | Promise<void>;
}

/** One timed kernel. */
export interface Measurement {
  /** Its name. */
  readonly kernel: string;
  /** What executed it. */
  readonly engine: Engine;
  /** What its memory traffic resembles. */
  readonly stream: Stream;
  /** Threads that it ran on. */
  readonly threads: number;
  /** What it computed. */
  readonly op: Op;
  /** What that costs: FLOPs and bytes. */
  readonly cost: Cost;
  /** Seconds for one run of the op: the median of `samples`. */
  readonly seconds: number;
  /** The shortest of `samples`, seconds. */
  readonly best: number;
  /** Seconds for one run of the op, one for each undisturbed round. */
  readonly samples: readonly number[];
  /** Interquartile range over the median. */
  readonly spread: number;
  /** FLOP/s reached: cost.flops / seconds. */
  readonly flopsPerSecond: number;
  /** Byte/s of compulsory traffic: bytes moved / seconds. */
  readonly bytesPerSecond: number;
  /** In one sentence, what makes the figure doubtful; absent when nothing does. */
  readonly doubt?: string;
}
