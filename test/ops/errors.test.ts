// Every layer refuses wrong sizes, keys and types by name.
import { describe, expect, it } from "vitest";
import * as lib from "../../lib/index.js";
import type { Op } from "../../lib/index.js";
import { thrown } from "./thrown.js";

type Factory = (shape: unknown, options?: unknown) => Op;
const plane = { height: 8, width: 8 };

/** A valid shape of every layer, and which of its keys are sizes (required ones first). */
const layers: Record<
  string,
  { shape: Record<string, unknown>; required: string[]; optional?: string[]; flags?: string[] }
> = {
  linear: {
    shape: { inFeatures: 4, outFeatures: 6 },
    required: ["inFeatures", "outFeatures"],
    optional: ["batch", "tokens", "groupSize"],
    flags: ["bias"],
  },
  matmul: { shape: { m: 2, n: 3, k: 4 }, required: ["m", "n", "k"], optional: ["batch"] },
  conv1d: {
    shape: { inChannels: 4, outChannels: 6, length: 8, kernelSize: 3 },
    required: ["inChannels", "outChannels", "length", "kernelSize"],
    optional: ["batch", "stride", "dilation", "groups"],
    flags: ["bias", "exactPadding"],
  },
  conv2d: {
    shape: { inChannels: 4, outChannels: 6, ...plane, kernelSize: 3 },
    required: ["inChannels", "outChannels", "height", "width", "kernelSize"],
    optional: ["batch", "stride", "dilation", "groups"],
    flags: ["bias"],
  },
  conv3d: {
    shape: { inChannels: 4, outChannels: 6, depth: 8, ...plane, kernelSize: 3 },
    required: ["depth", "height", "width", "kernelSize"],
    optional: ["stride"],
  },
  convTranspose1d: {
    shape: { inChannels: 4, outChannels: 6, length: 8, kernelSize: 3 },
    required: ["inChannels", "outChannels", "length", "kernelSize"],
    optional: ["stride"],
  },
  convTranspose2d: {
    shape: { inChannels: 4, outChannels: 6, ...plane, kernelSize: 3 },
    required: ["inChannels", "outChannels", "height", "width", "kernelSize"],
    optional: ["batch", "stride", "dilation", "groups"],
    flags: ["bias"],
  },
  convTranspose3d: {
    shape: { inChannels: 4, outChannels: 6, depth: 8, ...plane, kernelSize: 3 },
    required: ["depth", "kernelSize"],
  },
  attention: {
    shape: { tokens: 4, heads: 4, headDim: 2 },
    required: ["tokens", "heads", "headDim"],
    optional: ["batch", "context", "kvHeads", "vHeadDim", "window"],
    flags: ["causal", "fused", "softcap", "sharedKv"],
  },
  mla: {
    shape: { tokens: 4, hiddenSize: 8, heads: 2, kvLoraRank: 4, qkNopeHeadDim: 2, qkRopeHeadDim: 2, vHeadDim: 2 },
    required: ["tokens", "hiddenSize", "heads", "kvLoraRank", "qkNopeHeadDim", "qkRopeHeadDim", "vHeadDim"],
    optional: ["batch", "context"],
    flags: ["causal", "fused"],
  },
  moe: {
    shape: { hiddenSize: 8, intermediateSize: 4, experts: 4, topK: 2 },
    required: ["hiddenSize", "intermediateSize", "experts", "topK"],
    optional: ["tokens", "sharedIntermediateSize"],
    flags: ["gated", "router", "routerBias", "bias"],
  },
  embedding: {
    shape: { numEmbeddings: 10, embeddingDim: 4 },
    required: ["numEmbeddings", "embeddingDim"],
    optional: ["batch", "tokens"],
  },
  layerNorm: {
    shape: { normalizedShape: 8 },
    required: ["normalizedShape"],
    optional: ["batch", "tokens"],
    flags: ["affine", "bias"],
  },
  rmsNorm: {
    shape: { normalizedShape: 8 },
    required: ["normalizedShape"],
    optional: ["batch", "tokens"],
    flags: ["affine"],
  },
  groupNorm: {
    shape: { numGroups: 2, numChannels: 4 },
    required: ["numGroups", "numChannels"],
    optional: ["batch", "depth", "height", "width"],
    flags: ["affine"],
  },
  batchNorm: {
    shape: { numFeatures: 4 },
    required: ["numFeatures"],
    optional: ["batch", "depth", "height", "width"],
    flags: ["affine", "folded", "training"],
  },
  maxPool: {
    shape: { channels: 4, ...plane, kernelSize: 2 },
    required: ["channels", "height", "width", "kernelSize"],
    optional: ["batch", "stride", "dilation"],
    flags: ["ceilMode"],
  },
  avgPool: {
    shape: { channels: 4, ...plane, kernelSize: 2 },
    required: ["channels", "height", "width", "kernelSize"],
    optional: ["batch", "stride"],
    flags: ["ceilMode"],
  },
  adaptiveAvgPool: {
    shape: { channels: 4, ...plane },
    required: ["channels", "height", "width"],
    optional: ["outputSize"],
  },
  lstm: {
    shape: { inputSize: 4, hiddenSize: 3 },
    required: ["inputSize", "hiddenSize"],
    optional: ["batch", "tokens", "numLayers", "projSize"],
    flags: ["bias", "bidirectional"],
  },
  gru: {
    shape: { inputSize: 4, hiddenSize: 3 },
    required: ["inputSize", "hiddenSize"],
    optional: ["batch", "tokens", "numLayers"],
    flags: ["bias", "bidirectional"],
  },
  softmax: { shape: { shape: [2, 3] }, required: ["shape"] },
  relu: { shape: { shape: [2, 3] }, required: ["shape"] },
  gelu: { shape: { shape: [2, 3] }, required: ["shape"] },
  silu: { shape: { shape: [2, 3] }, required: ["shape"] },
  add: { shape: { shape: [2, 3] }, required: ["shape"], flags: ["parameter"] },
  mul: { shape: { shape: [2, 3] }, required: ["shape"] },
  einsum: { shape: { equation: "ij,jk->ik", sizes: { i: 2, j: 3, k: 4 } }, required: ["equation", "sizes"] },
};

describe.each(Object.entries(layers))("%s refuses", (name, { shape, required, optional = [], flags = [] }) => {
  const layer = (lib as unknown as Record<string, Factory>)[name]!;
  const who = name === "adaptiveAvgPool" ? "avgPool" : name;
  const expectRefusal = (change: Record<string, unknown>) => {
    const error = thrown(() => layer({ ...shape, ...change }));
    expect(
      error instanceof RangeError || error instanceof TypeError,
      `${Object.keys(change).join()} ${String(Object.values(change)[0])}: ${error.message}`,
    ).toBe(true);
    expect(error.message).toMatch(new RegExp(`^${who}: [^\\n]* must [^\\n]*, got [^\\n]+$`));
    expect(error.message.length).toBeLessThan(400);
  };

  it("nothing that is right", () => {
    expect(layer(shape).kind).toBe(who);
  });

  it("zero, negative, fractional, infinite, unsafe, textual and absent sizes, by name", () => {
    for (const key of [...required, ...optional]) {
      for (const bad of [0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 53, "3", null, true, {}, 3n]) {
        expectRefusal({ [key]: bad });
        if (!["shape", "equation", "sizes"].includes(key))
          expect(thrown(() => layer({ ...shape, [key]: bad })).message).toContain(key);
      }
    }
    for (const key of required) expectRefusal({ [key]: undefined });
  });

  it("a misspelt key, a flag that is no boolean, an unknown dtype, and no shape at all", () => {
    expectRefusal({ outFeaturez: 3 });
    expect(thrown(() => layer({ ...shape, outFeaturez: 3 })).message).toContain('got "outFeaturez"');
    for (const key of flags) for (const bad of [1, "true", null, 0]) expectRefusal({ [key]: bad });
    expectRefusal({ dtype: "float33" });
    for (const bad of [undefined, null, 5, ...(name === "einsum" ? [] : ["conv"]), [1, 2]])
      expect(thrown(() => layer(bad)).message).toMatch(new RegExp(`^${who}: shape must be an object, got `));
    expect(thrown(() => layer(shape, 5)).message).toBe(`${who}: options must be an object, got 5`);
  });
});
