// Shapes whose parts are right and contradict each other.
import { describe, expect, it } from "vitest";
import * as lib from "../../lib/index.js";
import { thrown } from "./thrown.js";

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
      () => lib.gru({ inputSize: 4, hiddenSize: 3, projSize: 2 } as never),
      "gru: keys must be among batch, tokens, inputSize, hiddenSize, numLayers, bias, " +
        "bidirectional, dtype, weightDtype, kvDtype, groupSize, scaleDtype, zeroPoints, got " +
        '"projSize"',
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
