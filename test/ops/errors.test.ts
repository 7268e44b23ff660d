import { describe, expect, it } from "vitest";
import * as lib from "../../lib/index.js";
import type { Op } from "../../lib/index.js";

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

/** The error of `run`, which must throw one. */
function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

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

describe("shapes that contradict themselves", () => {
  const conv = { inChannels: 64, outChannels: 128, height: 8, width: 8, kernelSize: 3 };
  it.each<[string, () => unknown, string]>([
    [
      "groups that do not divide the inputs",
      () => lib.conv2d({ ...conv, groups: 5 }),
      "conv2d: groups must divide inChannels 64, got 5",
    ],
    [
      "groups that do not divide the outputs",
      () => lib.conv2d({ ...conv, outChannels: 100, groups: 64 }),
      "conv2d: groups must divide outChannels 100, got 64",
    ],
    [
      "a kernel larger than the padded input",
      () => lib.conv2d({ ...conv, kernelSize: 11, padding: 1 }),
      "conv2d: kernelSize must span at most the padded height 10, got 11",
    ],
    [
      "a dilated kernel larger than the input",
      () => lib.conv2d({ ...conv, dilation: 4 }),
      "conv2d: kernelSize must span at most the padded height 8, got 9",
    ],
    [
      "a list of the wrong length",
      () => lib.conv2d({ ...conv, stride: [1, 1, 1] }),
      "conv2d: stride must be a number or a list of 2, got [1,1,1]",
    ],
    [
      "a negative padding",
      () => lib.conv2d({ ...conv, padding: -1 }),
      "conv2d: padding must be a non-negative integer, got -1",
    ],
    [
      "an unknown padding rule",
      () => lib.conv2d({ ...conv, padding: "full" as never }),
      'conv2d: padding must be a number, a list or one of valid, same, sameUpper, sameLower, got "full"',
    ],
    [
      "padding same with a stride",
      () => lib.conv2d({ ...conv, padding: "same", stride: 2 }),
      'conv2d: stride must be 1 for padding "same" ("sameUpper" gives ceil(size / stride) outputs), got 2',
    ],
    [
      "a triple where a pair belongs",
      () => lib.conv2d({ ...conv, padding: [[1, 1, 1], 0] as never }),
      "conv2d: padding must be a number or a pair [before, after] in each dimension, got [1,1,1]",
    ],
    [
      "outputPadding as large as the stride",
      () => lib.convTranspose2d({ ...conv, stride: 2, outputPadding: 2 }),
      "convTranspose2d: outputPadding must be below stride 2 or dilation 1, got 2",
    ],
    [
      "padding that crops everything",
      () => lib.convTranspose2d({ ...conv, padding: 5 }),
      "convTranspose2d: padding must leave some of the 10 output positions, got 10 in all",
    ],
    [
      "padding rules of a transposed convolution",
      () => lib.convTranspose2d({ ...conv, padding: "same" }),
      'convTranspose2d: padding must be a non-negative integer, got "same"',
    ],
    [
      "kvHeads that do not divide heads",
      () => lib.attention({ tokens: 4, heads: 32, kvHeads: 5, headDim: 64 }),
      "attention: kvHeads must divide heads 32, got 5",
    ],
    [
      "a window of 0",
      () => lib.attention({ tokens: 4, heads: 2, headDim: 4, window: 0 }),
      "attention: window must be a positive integer, got 0",
    ],
    [
      "a causal mask with fewer keys than queries",
      () => lib.attention({ tokens: 4, context: 2, heads: 2, headDim: 4, causal: true }),
      "attention: context must include the 4 tokens under a causal mask or a window, got 2",
    ],
    [
      "values wider than the keys that they are part of",
      () => lib.attention({ tokens: 4, heads: 2, headDim: 4, vHeadDim: 5, sharedKv: true }),
      "attention: vHeadDim must be at most headDim 4 with sharedKv, got 5",
    ],
    [
      "an unknown form of latent attention",
      () =>
        lib.mla({
          tokens: 1,
          hiddenSize: 8,
          heads: 2,
          kvLoraRank: 4,
          qkNopeHeadDim: 2,
          qkRopeHeadDim: 2,
          vHeadDim: 2,
          form: "naive" as never,
        }),
      'mla: form must be "expanded" or "absorbed", got "naive"',
    ],
    [
      "a context without the tokens",
      () =>
        lib.mla({
          tokens: 3,
          context: 2,
          hiddenSize: 8,
          heads: 2,
          kvLoraRank: 4,
          qkNopeHeadDim: 2,
          qkRopeHeadDim: 2,
          vHeadDim: 2,
        }),
      "mla: context must include the 3 tokens, got 2",
    ],
    [
      "a projection as wide as the state",
      () => lib.lstm({ inputSize: 4, hiddenSize: 3, projSize: 3 }),
      "lstm: projSize must be below hiddenSize 3, got 3",
    ],
    [
      "a projection of a GRU",
      () => lib.gru({ inputSize: 4, hiddenSize: 3, projSize: 2 }),
      'gru: keys must be among batch, tokens, inputSize, hiddenSize, numLayers, bias, bidirectional, dtype, weightDtype, kvDtype, groupSize, scaleDtype, zeroPoints, got "projSize"',
    ],
    [
      "an einsum whose operands disagree",
      () =>
        lib.einsum("ij,jk->ik", [
          [2, 3],
          [4, 5],
        ]),
      "einsum: size of j must be 3 in every operand, got 4",
    ],
    [
      "an einsum with a shape too few",
      () => lib.einsum("ij,jk->ik", [[2, 3]]),
      "einsum: shapes must be a list of 2 shapes, got [[2,3]]",
    ],
    [
      "an einsum with a size too many",
      () =>
        lib.einsum("ij,jk->ik", [
          [2, 3, 4],
          [3, 5],
        ]),
      'einsum: shapes[0] must have a size for each index of "ij", got [2,3,4]',
    ],
    [
      "an einsum with sizes and shapes",
      () => lib.einsum({ equation: "i->", sizes: { i: 2 }, shapes: [[2]] }),
      'einsum: sizes must not stand beside shapes, got {"i":2}',
    ],
    [
      "an einsum of an equation alone",
      () => lib.einsum("ij,jk->ik", undefined as never),
      "einsum: sizes must be an object, got undefined",
    ],
    [
      "an unknown approximation of GELU",
      () => lib.gelu({ shape: [2], approximate: "sigmoid" as never }),
      'gelu: approximate must be "none" or "tanh", got "sigmoid"',
    ],
    [
      "rows beyond 2^53",
      () => lib.linear({ batch: 2 ** 30, tokens: 2 ** 30, inFeatures: 1, outFeatures: 1 }),
      "linear: batch times tokens must be a positive integer, got 1152921504606847000",
    ],
    [
      "a negative number of shared experts",
      () => lib.moe({ hiddenSize: 8, intermediateSize: 4, experts: 4, topK: 2, sharedExperts: -1 }),
      "moe: sharedExperts must be a non-negative integer, got -1",
    ],
  ])("%s", (_what, run, message) => {
    expect(thrown(run).message).toBe(message);
  });
});
