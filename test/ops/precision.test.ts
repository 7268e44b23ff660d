import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, attention, bytesOf, conv2d, cost, embedding, linear, moe, relu } from "../../lib/index.js";
import { runs, size } from "./arbitrary.js";

const awq = { dtype: "bf16", weightDtype: "int4", groupSize: 128, scaleDtype: "fp16", zeroPoints: true } as const;

describe("mixed precision", () => {
  it("linear in int4 with a scale and a zero point for 128 weights, activations in bf16", () => {
    const c = cost(linear({ tokens: 3, inFeatures: 4096, outFeatures: 11008, bias: true }, awq));
    const groups = 11008 * 32;
    expect(c.weightBytes).toBe((11008 * 4096) / 2 + groups * 2 + groups / 2 + 11008 * 2);
    expect([c.params, c.inputBytes, c.outputBytes]).toEqual([11008 * 4096 + 11008, 3 * 4096 * 2, 3 * 11008 * 2]);
  });

  it("scales are one for each started group: the loop over inputs finds as many", () => {
    fc.assert(
      fc.property(size(5), size(40), size(9), (outFeatures, inFeatures, groupSize) => {
        let scales = 0;
        for (let o = 0; o < outFeatures; o++) for (let i = 0; i < inFeatures; i++) if (i % groupSize === 0) scales++;
        const own = cost(linear({ inFeatures, outFeatures, weightDtype: "int8", groupSize })).weightBytes;
        expect(own).toBe(outFeatures * inFeatures + 4 * scales);
      }),
      runs,
    );
  });

  it("a convolution's groups run over its channels and taps together", () => {
    const op = conv2d({
      inChannels: 32,
      outChannels: 8,
      height: 5,
      width: 5,
      kernelSize: 3,
      weightDtype: "int8",
      groupSize: 96,
    });
    expect(op.weights[1]!.shape).toEqual([8, 3]);
  });

  it("precision changes bytes only, of every layer alike", () => {
    const shape = { tokens: 2, inFeatures: 8, outFeatures: 8 };
    const a = cost(linear(shape));
    const b = cost(linear(shape, awq));
    expect([b.macs, b.flops, b.params]).toEqual([a.macs, a.flops, a.params]);
    expect(cost(relu({ shape: [4] }, awq)).bytesRead).toBe(8);
    expect(cost(embedding({ tokens: 1, numEmbeddings: 10, embeddingDim: 256, ...awq })).weightBytes).toBe(
      128 + 2 * 2 + bytesOf(2, "int4"),
    );
    expect(
      cost(moe({ hiddenSize: 128, intermediateSize: 128, experts: 2, topK: 1, router: false, gated: false, ...awq }))
        .weightBytes,
    ).toBe(2 * (128 * 64 + 128 * 2 + 64));
    expect(
      cost(attention({ tokens: 1, context: 9, heads: 2, headDim: 4, dtype: "bf16", kvDtype: "fp8" })).inputBytes,
    ).toBe(8 * 2 + 2 * 9 * 8);
  });

  it("options win over the shape, and both may name a dtype in any spelling", () => {
    expect(linear({ inFeatures: 1, outFeatures: 1, dtype: "fp32" }, { dtype: "torch.bfloat16" }).inputs[0]!.dtype).toBe(
      "bf16",
    );
    expect(() => linear({ inFeatures: 1, outFeatures: 1, dtype: "bf17" })).toThrow(
      /^linear: dtype must be one of fp64, .*, got "bf17"$/,
    );
    expect(() => linear({ inFeatures: 1, outFeatures: 1, groupSize: 0 })).toThrow(
      "linear: groupSize must be a positive integer, got 0",
    );
  });

  it("a quantized weight's gradient is as wide as the activations", () => {
    const [dx, dw] = backward(linear({ inFeatures: 128, outFeatures: 4 }, awq));
    expect([dx!.weights.map((w) => w.dtype), dw!.outputs[0]!.dtype]).toEqual([["int4", "fp16", "int4"], "bf16"]);
  });
});
