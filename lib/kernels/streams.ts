// The streams that measure bandwidth, as kernels that carry their op: read, copy, triad, update, in JavaScript and
// WebAssembly, on one thread or several.
import { positiveIntegers, record } from "../check.js";
import type { Op, TensorSpec } from "../op.js";
import { fill, filled } from "./fill.js";
import type { Engine, Kernel, Stream, Walk } from "./kernel.js";
import { pool, share, type Pool } from "./pool.js";
import { workspace, workspaceBytes, type Floats } from "./wasm/workspace.js";

/** How much memory a stream walks through. */
export interface StreamShape {
  /** fp32 values in each array. */
  elements: number;
  /** Threads that share them; default 1. */
  threads?: number;
}

/**
 * Arrays that a stream touches, counted as STREAM does: the read that a store to a line outside the cache causes is not
 * in it.
 */
export const streamArrays: Readonly<Record<Walk, number>> = {
  read: 1,
  lines: 1,
  copy: 2,
  copyLines: 2,
  triad: 3,
  triadLines: 3,
  update: 1,
  updateLines: 1,
};

/**
 * The op of a stream over `elements` fp32 values: read and lines s = Σx (lines of a quarter of them), copy y = x,
 * triad z = x + a·y, update x = a·x.
 */
function streamOp(stream: Stream, elements: number): Op {
  const vector = (name: string): TensorSpec => ({ name, shape: [elements], dtype: "fp32" });
  const x = vector("x");
  const y = vector("y");
  const z = vector("z");
  const base = { kind: stream, weights: [], macs: 0 };
  switch (stream) {
    case "read":
    case "lines":
      return { ...base, inputs: [x], outputs: [], extras: { add: elements } };
    case "copy":
      return { ...base, inputs: [x], outputs: [y], extras: {} };
    case "update":
      return { ...base, inputs: [x], outputs: [x], extras: { multiply: elements } };
    case "triad":
      return { ...base, inputs: [x, y], outputs: [z], extras: { multiply: elements, add: elements } };
  }
}

/** a of z = x + a·y and of x = a·x. */
const scale = { triad: 3, update: -1 };

type Loop = (x: Float32Array, y: Float32Array, z: Float32Array) => number | Float32Array;

const javascript: Record<Exclude<Stream, "lines">, Loop> = {
  read(x) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let i = 0;
    for (; i + 4 <= x.length; i += 4) {
      s0 += x[i]!;
      s1 += x[i + 1]!;
      s2 += x[i + 2]!;
      s3 += x[i + 3]!;
    }
    for (; i < x.length; i++) s0 += x[i]!;
    return s0 + s1 + s2 + s3;
  },
  copy(x, y) {
    y.set(x);
    return y;
  },
  triad(x, y, z) {
    for (let i = 0; i < x.length; i++) z[i] = x[i]! + 3 * y[i]!;
    return z;
  },
  update(x) {
    for (let i = 0; i < x.length; i++) x[i] = -x[i]!;
    return x;
  },
};

interface Arrays {
  run(): number | Float32Array;
  close(): void;
}

function stream(kind: Stream, engine: Exclude<Engine, "native">): Kernel<StreamShape, Arrays> {
  const name = `${kind}/${engine}`;
  const check = (shape: StreamShape): Required<StreamShape> => {
    record(name, "shape", shape);
    const { elements, threads = 1 } = shape;
    positiveIntegers(name, { elements, threads });
    if (kind === "lines" && elements % 128 !== 0)
      throw new RangeError(`${name}: elements must be a multiple of 128, got ${elements}`);
    return { elements, threads };
  };
  return {
    name,
    engine,
    stream: kind,
    op: (shape) => streamOp(kind, check(shape).elements),
    async prepare(shape) {
      const { elements, threads } = check(shape);
      if (engine === "javascript" && kind !== "lines") {
        const x = filled(elements, 1);
        const y = kind === "triad" ? filled(elements, 2) : new Float32Array(kind === "copy" ? elements : 0);
        const z = new Float32Array(kind === "triad" ? elements : 0);
        return { run: () => javascript[kind](x, y, z), close: () => {} };
      }
      const sizes = Array.from({ length: streamArrays[kind] }, () => elements);
      const space = workspace(workspaceBytes(...sizes));
      const arrays = sizes.map((size) => space.floats(size));
      // What a stream does not touch is never read: any array stands in for it.
      const x = arrays[0]!;
      const y = arrays[1] ?? x;
      const z = arrays[2] ?? x;
      fill(x.values, 1);
      if (kind === "triad") fill(y.values, 2);
      const workers = await pool(space, { threads });
      return { run: () => runStream(kind, workers, { x, y, z, elements }), close: () => workers.close() };
    },
    run: (arrays) => arrays.run(),
    release: (arrays) => arrays.close(),
  };
}

/**
 * The arrays of a walk in a workspace, their values in each, and how often each thread repeats the walk within one
 * call.
 */
export interface WalkArrays {
  readonly x: Floats;
  readonly y: Floats;
  readonly z: Floats;
  readonly elements: number;
  readonly passes?: number;
  /**
   * Copy and triad straight on, instead of along four fronts in each thread: which of them is faster depends on the
   * processor.
   */
  readonly straight?: boolean;
}

/**
 * One walk over arrays in a workspace, shared among the threads of `workers`; `passes` repeats it inside each thread.
 * Read and lines give their sum, the others the array that they wrote. For lines, copyLines, … `elements` is a
 * multiple of 128.
 */
export function runStream(
  kind: Walk,
  workers: Pool,
  { x, y, z, elements, passes = 1, straight = false }: WalkArrays,
): number | Float32Array {
  const part = (thread: number): { offset: number; count: number } => {
    const { begin, end } = share(elements, workers.threads, thread, 1024);
    return { offset: begin * 4, count: end - begin };
  };
  switch (kind) {
    case "read":
    case "lines": {
      const sums = workers.run(kind, (thread) => {
        const { offset, count } = part(thread);
        return [x.at + offset, count, passes, 0];
      });
      return sums.reduce((total, sum) => total + sum, 0);
    }
    case "copy":
      workers.run(kind, (thread) => {
        const { offset, count } = part(thread);
        return [y.at + offset, x.at + offset, count, passes, Number(straight)];
      });
      return y.values;
    case "copyLines":
      workers.run(kind, (thread) => {
        const { offset, count } = part(thread);
        return [y.at + offset, x.at + offset, count, passes];
      });
      return y.values;
    case "update":
    case "updateLines":
      workers.run(kind, (thread) => {
        const { offset, count } = part(thread);
        return [x.at + offset, count, scale.update, passes];
      });
      return x.values;
    case "triad":
      workers.run(kind, (thread) => {
        const { offset, count } = part(thread);
        return [z.at + offset, x.at + offset, y.at + offset, count, scale.triad, passes, Number(straight)];
      });
      return z.values;
    case "triadLines":
      workers.run(kind, (thread) => {
        const { offset, count } = part(thread);
        return [z.at + offset, x.at + offset, y.at + offset, count, scale.triad, passes];
      });
      return z.values;
  }
}

/**
 * A read that loads a quarter of each cache line, in three fronts: the rate at which memory delivers lines. `elements`
 * is a multiple of 128.
 */
export const linesWasm: Kernel<StreamShape> = stream("lines", "wasm");

/** read, copy, triad and update in WebAssembly SIMD, then in JavaScript. */
export const streams: readonly Kernel<StreamShape>[] = (["wasm", "javascript"] as const).flatMap((engine) =>
  (["read", "copy", "triad", "update"] as const).map((kind) => stream(kind, engine)),
);
