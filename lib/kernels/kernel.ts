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

/**
 * `op(shape)`: what it computes, so that FLOPs and bytes come with the time. `prepare(shape)`: its arrays, filled,
 * outside the timed part. `run(args)`: the work, once. `release(args)`: gives back workers and sessions. `slope(args)`
 * (the slope method): `run` holds `repeats` more executions of the op than `baseline`; the op's time is the difference
 * over `repeats`, without the cost of the call. `answer(args)`: the op's whole result, once, where `run` keeps it to
 * itself.
 */
export interface Kernel<Shape = unknown, Args = unknown> {
  readonly name: string;
  readonly engine: Engine;
  readonly stream: Stream;
  readonly threads?: number;
  op(shape: Shape): Op;
  prepare(shape: Shape): Args | Promise<Args>;
  run(args: Args): Result | Promise<Result>;
  slope?(args: Args): { baseline(): Result | Promise<Result>; readonly repeats: number } | undefined;
  answer?(args: Args): Result | Promise<Result>;
  release?(args: Args): void | Promise<void>;
}

/** One timed kernel. `seconds` is the median of `samples`, each one run of the op; `best` the shortest. */
export interface Measurement {
  readonly kernel: string;
  readonly engine: Engine;
  readonly stream: Stream;
  readonly threads: number;
  readonly op: Op;
  readonly cost: Cost;
  readonly seconds: number;
  readonly best: number;
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
