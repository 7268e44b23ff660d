import { describe, expect, it } from "vitest";
import {
  addNative,
  attentionFused,
  attentionUnfused,
  conv2d,
  conv2dNative,
  embeddingNative,
  layerNormNative,
  linearNative,
  nativeMissing,
  reluNative,
  softmaxNative,
  type Kernel,
} from "../../lib/index.js";
import { filled } from "../../lib/kernels/fill.js";
import { tokenIds } from "../../lib/kernels/onnx/layers.js";

const missing = await nativeMissing();

async function answer<Shape>(kernel: Kernel<Shape>, shape: Shape): Promise<Float32Array> {
  const args = await kernel.prepare(shape);
  try {
    return (await kernel.answer!(args)) as Float32Array;
  } finally {
    await kernel.release!(args);
  }
}

function close(actual: Float32Array, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    if (!(Math.abs(actual[i]! - expected[i]!) <= 2e-5 * (1 + Math.abs(expected[i]!))))
      expect.fail(`value ${i} is ${actual[i]}, the loop gives ${expected[i]}`);
}

const rowsOf = (x: Float32Array, columns: number): Float32Array[] =>
  Array.from({ length: x.length / columns }, (_, i) => x.subarray(i * columns, (i + 1) * columns));
const softmaxRow = (row: ArrayLike<number>): number[] => {
  const e = Array.from(row, Math.exp);
  const sum = e.reduce((s, v) => s + v, 0);
  return e.map((v) => v / sum);
};

describe.skipIf(missing)("a native layer equals the loop that defines it, on odd sizes", () => {
  it("linear/native", async () => {
    for (const [tokens, inFeatures, outFeatures, bias] of [
      [1, 1, 1, false],
      [3, 5, 7, true],
      [17, 33, 9, true],
    ] as const) {
      const x = filled(tokens * inFeatures, 1);
      const w = filled(inFeatures * outFeatures, 2);
      const b = filled(outFeatures, 3);
      const y: number[] = [];
      for (let t = 0; t < tokens; t++)
        for (let o = 0; o < outFeatures; o++) {
          let sum = bias ? b[o]! : 0;
          for (let i = 0; i < inFeatures; i++) sum += x[t * inFeatures + i]! * w[i * outFeatures + o]!;
          y.push(sum);
        }
      close(await answer(linearNative, { tokens, inFeatures, outFeatures, bias }), y);
    }
  });

  it("conv2d/native with stride, padding, dilation and groups", async () => {
    for (const shape of [
      { batch: 2, inChannels: 3, outChannels: 5, height: 7, width: 9, kernelSize: 3, padding: 1, bias: true },
      {
        inChannels: 4,
        outChannels: 6,
        height: 11,
        width: 8,
        kernelSize: 3,
        stride: 2,
        dilation: 2,
        padding: 2,
        groups: 2,
      },
      { inChannels: 5, outChannels: 5, height: 6, width: 7, kernelSize: 3, padding: 1, groups: 5 },
      { inChannels: 1, outChannels: 1, height: 1, width: 1, kernelSize: 1 },
    ]) {
      const {
        batch = 1,
        inChannels,
        outChannels,
        height,
        width,
        kernelSize: r,
        stride = 1,
        padding = 0,
        dilation = 1,
        groups = 1,
        bias = false,
      } = shape as {
        batch?: number;
        inChannels: number;
        outChannels: number;
        height: number;
        width: number;
        kernelSize: number;
        stride?: number;
        padding?: number;
        dilation?: number;
        groups?: number;
        bias?: boolean;
      };
      const [, , outHeight, outWidth] = conv2d(shape).outputs[0]!.shape as [number, number, number, number];
      const own = inChannels / groups;
      const x = filled(batch * inChannels * height * width, 1);
      const w = filled(outChannels * own * r * r, 2);
      const b = filled(outChannels, 3);
      const y: number[] = [];
      for (let n = 0; n < batch; n++)
        for (let o = 0; o < outChannels; o++)
          for (let i = 0; i < outHeight; i++)
            for (let j = 0; j < outWidth; j++) {
              let sum = bias ? b[o]! : 0;
              const from = Math.floor(o / (outChannels / groups)) * own;
              for (let c = 0; c < own; c++)
                for (let u = 0; u < r; u++)
                  for (let v = 0; v < r; v++) {
                    const h = i * stride - padding + u * dilation;
                    const k = j * stride - padding + v * dilation;
                    if (h >= 0 && h < height && k >= 0 && k < width)
                      sum +=
                        x[((n * inChannels + from + c) * height + h) * width + k]! *
                        w[((o * own + c) * r + u) * r + v]!;
                  }
              y.push(sum);
            }
      close(await answer(conv2dNative, shape), y);
    }
  });

  it("attention/unfused and attention/fused", async () => {
    for (const [tokens, context, heads, headDim] of [
      [3, 3, 1, 4],
      [5, 5, 3, 8],
      [7, 13, 2, 16],
    ] as const) {
      const width = heads * headDim;
      for (const kernel of [attentionUnfused, attentionFused]) {
        // [heads, tokens, headDim] in the unfused kernel, [tokens, heads · headDim] in the fused one.
        const at =
          (length: number) =>
          (h: number, t: number, d: number): number =>
            kernel === attentionUnfused ? (h * length + t) * headDim + d : t * width + h * headDim + d;
        const q = filled(tokens * width, 1);
        const k = filled(context * width, 2);
        const v = filled(context * width, 3);
        const y = new Float32Array(tokens * width);
        const query = at(tokens);
        const key = at(context);
        for (let h = 0; h < heads; h++)
          for (let t = 0; t < tokens; t++) {
            const scores = Array.from({ length: context }, (_, s) => {
              let sum = 0;
              for (let d = 0; d < headDim; d++) sum += q[query(h, t, d)]! * k[key(h, s, d)]!;
              return sum / Math.sqrt(headDim);
            });
            softmaxRow(scores).forEach((p, s) => {
              for (let d = 0; d < headDim; d++) y[query(h, t, d)]! += p * v[key(h, s, d)]!;
            });
          }
        close(await answer(kernel, { tokens, context, heads, headDim }), y);
      }
    }
  });

  it("softmax, layer norm, ReLU, add and embedding", async () => {
    const shape = { rows: 7, columns: 13 };
    const x = filled(91, 1);
    const scale = filled(13, 2);
    const shift = filled(13, 3);
    const z = filled(91, 2);
    close(await answer(softmaxNative, shape), rowsOf(x, 13).flatMap(softmaxRow));
    close(
      await answer(layerNormNative, shape),
      rowsOf(x, 13).flatMap((row) => {
        const mean = row.reduce((s, v) => s + v, 0) / 13;
        const variance = row.reduce((s, v) => s + (v - mean) ** 2, 0) / 13;
        return Array.from(row, (v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * scale[i]! + shift[i]!);
      }),
    );
    close(
      await answer(reluNative, shape),
      x.map((v) => Math.max(v, 0)),
    );
    close(
      await answer(addNative, shape),
      x.map((v, i) => v + z[i]!),
    );
    const table = filled(31 * 5, 2);
    const ids = tokenIds(9, 31);
    close(
      await answer(embeddingNative, { tokens: 9, numEmbeddings: 31, embeddingDim: 5 }),
      [...ids].flatMap((id) => [...table.subarray(Number(id) * 5, Number(id) * 5 + 5)]),
    );
  });

  it("is run as often as it says: the long graph holds `repeats` ops more than the short one", async () => {
    const shape = { rows: 3, columns: 5 };
    const args = await reluNative.prepare(shape);
    const { baseline, repeats } = reluNative.slope!(args)!;
    expect([...((await baseline()) as Float32Array)]).toEqual([3, 5]);
    expect([...((await reluNative.run(args)) as Float32Array)]).toEqual([3, 5]);
    expect(repeats).toBe(4);
    await reluNative.release!(args);
  });

  it("runs a convolution whether its output may be its input, as a chain, or may not", async () => {
    for (const outChannels of [4, 8]) {
      const shape = { inChannels: 4, outChannels, height: 5, width: 6, kernelSize: 3, padding: 1, groups: 4 };
      const args = await conv2dNative.prepare(shape);
      expect([...((await conv2dNative.run(args)) as Float32Array)]).toEqual([1, outChannels, 5, 6]);
      expect([...((await conv2dNative.slope!(args)!.baseline()) as Float32Array)]).toEqual([1, outChannels, 5, 6]);
      await conv2dNative.release!(args);
    }
  });
});
