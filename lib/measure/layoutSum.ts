// The benchmark of lecture 5: one sum over the same numbers, through three walks. Loops live here, not in a cell, where
// they would measure the notebook.
import { Tensor, type View } from "../tensor/index.js";
import { compare, type CompareOptions } from "./compare.js";

/** The sum through one walk. */
export interface LayoutSumRow {
  /** What is walked through, and in which order. */
  readonly walk: string;
  /** In elements, outermost dimension first. */
  readonly strides: readonly number[];
  /** Median seconds for one sum. */
  readonly seconds: number;
  /** Interquartile range of the samples over their median. */
  readonly spread: number;
  /** Nanoseconds for one element. */
  readonly nsPerElement: number;
  /** Its time over the contiguous copy's, paired by round; NaN when the machine was too noisy. */
  readonly ratio: number;
}

/** One sum, through three walks. */
export interface LayoutSum {
  /** Of the tensor, before it is transposed. */
  readonly shape: readonly number[];
  /** The walks, the contiguous copy first. */
  readonly rows: readonly LayoutSumRow[];
  /** In one sentence, why ratios are missing; absent when the machine was quiet enough. */
  readonly refusal?: string;
}

/**
 * Sums a tensor of `shape` (default 32 × 768 × 512, fp32, 48 MiB) as a contiguous copy of its transpose, through the
 * transposed view in the view's own order, and through the same view with its dimensions sorted by stride, as PyTorch
 * does. Plain JavaScript, four accumulators, interleaved rounds, medians. The three sums must agree; sums in different
 * orders round differently, within 1e-3.
 */
export async function measureLayoutSum({
  shape = [32, 768, 512],
  ...options
}: { shape?: readonly [number, number, number] } & CompareOptions = {}): Promise<LayoutSum> {
  const x = Tensor.zeros(shape);
  const data = x.buffer as Float32Array;
  for (let i = 0; i < data.length; i++) data[i] = ((i * 7919) % 1024) / 1024; // varied, and the same on every run
  const view = x.transpose(1, 2);
  const copy = view.contiguous();
  const sorted = view.permute(
    view.strides
      .map((s, d) => [s, d] as const)
      .sort((a, b) => b[0] - a[0])
      .map(([, d]) => d),
  );
  const walks = {
    "contiguous copy": copy,
    "transposed view, its own order": view,
    "transposed view, memory order": sorted,
  };
  const result = await compare(
    Object.fromEntries(
      Object.entries(walks).map(([name, t]) => [name, () => sumInOrder(t.buffer as Float32Array, t.view)]),
    ),
    { rounds: 11, budgetSeconds: 4, ...options },
  );
  const elements = x.elementCount;
  return {
    shape,
    ...(result.refusal ? { refusal: result.refusal } : {}),
    rows: result.rows.map(({ name, seconds, spread, speedup }) => ({
      walk: name,
      strides: walks[name as keyof typeof walks].strides,
      seconds,
      spread,
      nsPerElement: (seconds / elements) * 1e9,
      ratio: speedup === undefined ? NaN : 1 / speedup,
    })),
  };
}

/**
 * Sum of a 3-D view, last dimension innermost. Four accumulators, so that the loop waits for memory and not for its own
 * additions.
 */
export function sumInOrder(data: Float32Array, { shape, strides, offset }: View): number {
  const [n0, n1, n2] = shape as [number, number, number];
  const [s0, s1, s2] = strides as [number, number, number];
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      let p = offset + i * s0 + j * s1;
      let k = 0;
      for (; k + 3 < n2; k += 4) {
        a += data[p]!;
        b += data[p + s2]!;
        c += data[p + 2 * s2]!;
        d += data[p + 3 * s2]!;
        p += 4 * s2;
      }
      for (; k < n2; k++) {
        a += data[p]!;
        p += s2;
      }
    }
  return a + b + c + d;
}
