// What each engine can compute on this machine: the best of several runs, because a ceiling is what was reached at all.
import { matmulNative, nativeMissing, peakJavascript, peakWasm } from "../kernels/index.js";
import { nativeGraph } from "../kernels/onnx/session.js";
import { filled } from "../kernels/fill.js";
import { cost } from "../op.js";
import { sampleOf } from "./clock.js";
import { pause, wallClock, type Signal } from "./progress.js";

/** FLOP/s that each engine reaches on arithmetic that touches no memory. */
export interface Roofs {
  /** fp64, since that is what numbers are. */
  readonly javascript: number;
  /** fp32 in WebAssembly SIMD. */
  readonly wasm: number;
  /** fp32 in ONNX Runtime; absent where it is not installed. */
  readonly native?: number;
}
interface PeakOptions {
  readonly seconds?: number;
  readonly signal?: Signal;
  readonly now?: () => number;
}

/** FLOP/s of fp32 multiply-adds in WebAssembly SIMD on `threads` threads. */
export async function wasmRoof(
  threads: number,
  { seconds = 0.3, signal, now = wallClock }: PeakOptions = {},
): Promise<number> {
  const shape = { steps: threads > 1 ? 400_000 : 100_000, threads };
  const args = await peakWasm.prepare(shape);
  try {
    return cost(peakWasm.op(shape)).flops / (await bestOf(() => peakWasm.run(args), { seconds, signal, now }));
  } finally {
    await peakWasm.release!(args);
  }
}

/** FLOP/s of fp64 multiply-adds in plain JavaScript, which runs on one thread. */
export async function javascriptRoof({ seconds = 0.2, signal, now = wallClock }: PeakOptions = {}): Promise<number> {
  const shape = { steps: 200_000 };
  const args = await peakJavascript.prepare(shape);
  return (
    cost(peakJavascript.op(shape)).flops / (await bestOf(() => peakJavascript.run(args), { seconds, signal, now }))
  );
}

// Products that keep a vector unit busy: panels that fit the caches, few edges, and from 0.13 to 0.6 GFLOP, so that a
// call is not lost in it.
const products = [
  { m: 384, n: 768, k: 512 },
  { m: 512, n: 256, k: 512 },
  { m: 1200, n: 240, k: 480 },
  { m: 512, n: 768, k: 768 },
];

/**
 * FLOP/s of fp32 in native code: ONNX Runtime's MatMul with a constant operand on `threads` threads, the best of a few
 * products; undefined without ONNX Runtime. The product is not handed out: fresh memory for it would cost a tenth of
 * the time. A matrix product packs and has edges: it reaches about nine tenths of what the vector units alone could.
 */
export async function nativeRoof(
  threads: number,
  { seconds = 0.6, signal, now = wallClock }: PeakOptions = {},
): Promise<number | undefined> {
  if (await nativeMissing()) return undefined;
  let best = 0;
  for (const { m, n, k } of products) {
    // One session at a time: two pools of threads would disturb each other.
    const graph = await nativeGraph(
      {
        nodes: [
          { op: "MatMul", inputs: ["a", "b"], outputs: ["c"] },
          { op: "Shape", inputs: ["c"], outputs: ["shape"] },
        ],
        inputs: [{ name: "a", shape: [m, k], open: true }],
        outputs: [{ name: "shape", shape: [2], type: "int64" }],
        constants: [{ name: "b", shape: [k, n], values: filled(k * n, 2) }],
      },
      { a: filled(m * k, 1) },
      { threads },
    );
    try {
      best = Math.max(
        best,
        cost(matmulNative.op({ m, n, k })).flops /
          (await bestOf(() => graph.run(), { seconds: seconds / products.length, signal, now })),
      );
    } finally {
      await graph.release();
    }
  }
  return best;
}

/**
 * The shortest of the runs of `work` that fit into `seconds`, at least five; by a coarse clock several make one.
 */
async function bestOf(
  work: () => unknown,
  { seconds, signal, now }: Required<Omit<PeakOptions, "signal">> & { signal?: Signal },
): Promise<number> {
  const target = sampleOf(0, now);
  let count = 1;
  let best = Infinity;
  const begin = now();
  for (let run = 0, good = 0; good < 5 || now() - begin < seconds; run++) {
    if (run % 8 === 0) await pause(signal);
    const start = now();
    for (let i = 0; i < count; i++) await work();
    const taken = now() - start;
    if (taken >= target) {
      best = Math.min(best, taken / count);
      good++;
    } else if (taken >= 0) count *= 2;
  }
  return best;
}
