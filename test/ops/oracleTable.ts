// For every layer a naive loop that does what it does at a small shape. A layer without one does not compile.
import type { ActivationKind, LayerName } from "../../lib/index.js";
import { activationKinds, layersByName } from "../../lib/index.js";
import { Counter, forEachIndex } from "./oracle.js";
import { formulas } from "./oracleActivation.js";
import { attentionLoop, mlaLoop, softmaxRow } from "./oracleAttention.js";
import { deltaChunks, tokenShiftLoop, wkvLoop } from "./oracleDelta.js";
import { linearLoop, moeLoop, recurrentLoop } from "./oracleSequence.js";
import {
  compressedAttentionLoop,
  compressLoop,
  hyperConnectionLoop,
  indexScoreLoop,
  streamMixLoop,
} from "./oracleSparse.js";
import { selectiveScanLoop, shortConvLoop, ssdChunks } from "./oracleStateSpace.js";
import { deformLoop, fftLoop, gridSampleLoop, resizeLoop } from "./oracleSampled.js";
import { adaptiveLoop, convLoop, convTransposeLoop, poolLoop, type WindowCase } from "./oracleWindow.js";
import { Traced } from "./oracle.js";

/** What a loop did: multiply-adds of contractions, and FLOPs beside them. */
interface Done {
  macs: number;
  flops: number;
}
/** A shape (the layer's example where absent), and the loop. */
export interface Oracle {
  shape?: Readonly<Record<string, unknown>>;
  run: () => Done;
}

const nothing = (): Done => ({ macs: 0, flops: 0 });

/** What `act` counts when done once for each element of `shape`. */
function forEach(shape: readonly number[], act: (c: Counter) => unknown): Done {
  const c = new Counter();
  forEachIndex(shape, () => act(c));
  return { macs: c.macs, flops: c.flops };
}

const pointwise = (kind: ActivationKind): Oracle => ({
  run: () => forEach((layersByName[kind].example as { shape: number[] }).shape, (c) => formulas[kind].forward(c, 0.7)),
});

const dimensions = [["length"], ["height", "width"], ["depth", "height", "width"]];
const window = (rank: number): WindowCase => ({
  size: [5, 4, 3].slice(0, rank),
  kernel: [3, 2, 2].slice(0, rank),
  stride: [2, 1, 1].slice(0, rank),
  padding: [[1, 1] as const, [0, 0] as const, [0, 0] as const].slice(0, rank),
  dilation: [1, 2, 1].slice(0, rank),
});
const channels = { batch: 2, inChannels: 4, outChannels: 6, groups: 2 };
const named = (rank: number): Record<string, unknown> => {
  const { size, kernel, ...rest } = window(rank);
  return { ...rest, ...Object.fromEntries(dimensions[rank - 1]!.map((n, i) => [n, size[i]])), kernelSize: kernel };
};

const conv = (rank: number): Oracle => ({
  shape: { ...channels, ...named(rank), bias: true },
  run: () => {
    const { macs, y } = convLoop(window(rank), channels);
    return { macs, flops: forEach(y.shape, (c) => c.add(1, 1)).flops };
  },
});

const transposed = (rank: number): Oracle => ({
  shape: { ...channels, ...named(rank), bias: true },
  run: () => {
    const weight = new Traced([4, 3, ...window(rank).kernel], 1);
    const { macs, y } = convTransposeLoop(window(rank), [0, 0, 0].slice(0, rank), channels, weight);
    return { macs, flops: forEach(y.shape, (c) => c.add(1, 1)).flops };
  },
});

const pooled: Oracle = {
  shape: { batch: 2, channels: 3, ...named(2), dilation: 1, ceilMode: true },
  run: () => {
    const { taps } = poolLoop({ ...window(2), dilation: [1, 1] }, { batch: 2, channels: 3, ceil: true });
    return { macs: 0, flops: taps };
  },
};
const adaptive: Oracle = {
  shape: { batch: 2, channels: 3, height: 7, width: 5, outputSize: [3, 2] },
  run: () => ({ macs: 0, flops: adaptiveLoop([7, 5], [3, 2], { batch: 2, channels: 3 }) }),
};

/** The element loops of a norm; what is done once a row is neglected. */
const norm = (n: number, { centred, affine }: { centred: boolean; affine: number }): Done =>
  forEach([n], (c) => {
    if (centred) c.add(c.sub(1, 1), 1);
    c.add(1, c.mul(1, 1));
    c.mul(centred ? c.sub(1, 1) : 1, 1);
    for (let i = 0; i < affine; i++) c.add(1, 1);
  });

const step = { batch: 2, tokens: 3, inputSize: 4, hiddenSize: 5, numLayers: 2, bias: true, bidirectional: true };
const deformed = { batch: 2, inChannels: 4, outChannels: 6, groups: 2 };
const cell = (kind: "lstm" | "gru" | "rnn"): Oracle => ({
  shape: step,
  run: () => {
    const { macs, flops, bias } = recurrentLoop(kind, step);
    return { macs, flops: flops + bias };
  },
});

const heads = { heads: 4, kvHeads: 2, headDim: 3, vHeadDim: 5 };
const latent = { kvLoraRank: 5, qkNopeHeadDim: 3, qkRopeHeadDim: 2, vHeadDim: 4 };
const short = { batch: 2, tokens: 5, channels: 3, kernelSize: 4 };
const scan = { batch: 2, tokens: 5, channels: 3, stateSize: 4 };
const dual = { batch: 2, tokens: 7, heads: 4, headDim: 3, stateSize: 2, groups: 2, chunkSize: 3 };
const delta = { batch: 2, tokens: 7, keyHeads: 2, valueHeads: 4, keyHeadDim: 3, valueHeadDim: 2, chunkSize: 3 };
const mix = { batch: 2, tokens: 5, channels: 3 };
const index = { tokens: 3, context: 7, heads: 2, headDim: 3, stride: 2, elementwiseSum: true };
const entries = { tokens: 5, heads: 2, headDim: 3, rate: 2 };
const windows = { windows: 2, rate: 3, features: 4, rotaryDim: 2 };
const streams = { tokens: 2, streams: 3, hiddenSize: 4 };
const experts = { hiddenSize: 4, intermediateSize: 3, experts: 4, topK: 2, sharedExperts: 1, gated: true };

export const oracles: Readonly<Record<LayerName, Oracle>> = {
  ...(Object.fromEntries(activationKinds.map((kind) => [kind, pointwise(kind)])) as Record<ActivationKind, Oracle>),
  linear: {
    shape: { tokens: 3, inFeatures: 5, outFeatures: 4, bias: true },
    run: () => linearLoop(3, 5, 4, true).c,
  },
  groupedLinear: {
    shape: { groups: 2, tokens: 3, inFeatures: 5, outFeatures: 4 },
    run: () => forEach([2, 3, 4, 5], (c) => c.mac(0, 1, 1)),
  },
  matmul: { shape: { batch: 2, m: 3, n: 4, k: 5 }, run: () => forEach([2, 3, 4, 5], (c) => c.mac(0, 1, 1)) },
  einsum: { run: () => forEach([2, 3, 4], (c) => c.mac(0, 1, 1)) },
  conv1d: conv(1),
  conv2d: conv(2),
  conv3d: conv(3),
  convTranspose1d: transposed(1),
  convTranspose2d: transposed(2),
  convTranspose3d: transposed(3),
  attention: {
    shape: { batch: 2, tokens: 3, context: 4, ...heads, causal: true },
    run: () => attentionLoop({ tokens: 3, context: 4, causal: true }, { batch: 2, ...heads }),
  },
  mla: {
    shape: { tokens: 3, context: 4, hiddenSize: 6, heads: 2, ...latent, form: "absorbed" },
    run: () => {
      const rank = { kvLoraRank: 5, nope: 3, rope: 2, v: 4 };
      const loop = mlaLoop({ tokens: 3, context: 4, hiddenSize: 6, heads: 2, qLoraRank: null, ...rank });
      const projections = [linearLoop(3, 6, 2 * 5, false), linearLoop(3, 6, 5 + 2, false), linearLoop(3, 8, 6, false)];
      const norms = norm(3 * 5, { centred: false, affine: 1 });
      const softmax = new Counter();
      for (let row = 0; row < 2 * 3; row++) softmaxRow(softmax, [1, 2, 3, 4]);
      return {
        macs: projections.reduce((n, { c }) => n + c.macs, loop.kvB + loop.absorbed),
        flops: norms.flops + softmax.flops,
      };
    },
  },
  moe: {
    shape: { tokens: 2, ...experts },
    run: () => {
      const { macs, routerMacs, flops } = moeLoop({ tokens: 2, ...experts }, [
        [0, 1],
        [1, 3],
      ]);
      return { macs: macs + routerMacs, flops };
    },
  },
  indexScore: { shape: { ...index, topk: 2 }, run: () => indexScoreLoop(index) },
  compress: { shape: { ...windows, overlap: true }, run: () => compressLoop(windows) },
  compressedAttention: { shape: { ...entries, window: 2 }, run: () => compressedAttentionLoop(entries) },
  hyperConnection: {
    shape: { ...streams, sinkhornIters: 5 },
    run: () => hyperConnectionLoop({ ...streams, rounds: 5 }),
  },
  streamMix: { shape: streams, run: () => streamMixLoop(streams) },
  embedding: { run: nothing },
  concat: { run: nothing },
  prependToken: { run: nothing },
  layerNorm: {
    shape: { tokens: 3, normalizedShape: 5 },
    run: () => norm(15, { centred: true, affine: 2 }),
  },
  rmsNorm: { shape: { tokens: 3, normalizedShape: 5 }, run: () => norm(15, { centred: false, affine: 1 }) },
  groupNorm: {
    shape: { batch: 2, numGroups: 2, numChannels: 4, height: 3 },
    run: () => norm(24, { centred: true, affine: 2 }),
  },
  batchNorm: {
    shape: { batch: 2, numFeatures: 3, height: 4 },
    run: () => forEach([2, 3, 4], (c) => c.add(c.mul(1, 1), 1)),
  },
  softmax: {
    shape: { shape: [3, 5] },
    run: () => {
      const c = new Counter();
      for (let row = 0; row < 3; row++) softmaxRow(c, [1, 2, 3, 4, 5]);
      return c;
    },
  },
  softcap: { shape: { shape: [3, 5] }, run: () => forEach([3, 5], (c) => c.mul(30, c.tanh(c.div(1, 30)))) },
  rope: {
    shape: { tokens: 3, heads: 2, rotaryDim: 4 },
    run: () => forEach([3, 2, 4], (c) => c.add(c.mul(1, 0.5), c.mul(-1, 0.5))),
  },
  add: { shape: { shape: [3, 5], other: [5] }, run: () => forEach([3, 5], (c) => c.add(1, 1)) },
  sub: { shape: { shape: [3, 5], other: [5] }, run: () => forEach([3, 5], (c) => c.sub(1, 1)) },
  mul: { shape: { shape: [3, 5], other: [5] }, run: () => forEach([3, 5], (c) => c.mul(1, 1)) },
  div: { shape: { shape: [3, 5], other: [5] }, run: () => forEach([3, 5], (c) => c.div(1, 1)) },
  maxPool: pooled,
  avgPool: pooled,
  adaptiveAvgPool: adaptive,
  adaptiveMaxPool: adaptive,
  resize: {
    shape: { batch: 2, channels: 3, height: 4, width: 6, size: [6, 3], mode: "bilinear", antialias: true },
    run: () => resizeLoop({ size: [4, 6], out: [6, 3], support: 1 }, { batch: 2, channels: 3 }),
  },
  gridSample: {
    shape: { batch: 2, channels: 3, height: 4, width: 5, size: [3, 2] },
    run: () => gridSampleLoop([4, 5], [3, 2], { batch: 2, channels: 3 }),
  },
  deformConv2d: {
    shape: { ...deformed, height: 5, width: 4, kernelSize: [3, 2], offsetGroups: 2, mask: true, bias: true },
    run: () => deformLoop([5, 4], [3, 2], deformed),
  },
  fft: {
    shape: { batch: 3, n: 16 },
    run: () => fftLoop(3, 16),
  },
  rnn: cell("rnn"),
  lstm: cell("lstm"),
  gru: cell("gru"),
  shortConv: { shape: { ...short, bias: true }, run: () => shortConvLoop(short) },
  selectiveScan: { shape: scan, run: () => selectiveScanLoop(scan) },
  ssd: { shape: dual, run: () => ssdChunks(dual) },
  gatedDeltaRule: { shape: delta, run: () => deltaChunks(delta) },
  rwkvTimeMix: { shape: mix, run: () => wkvLoop(mix) },
  tokenShift: { shape: { ...mix, mixes: 2 }, run: () => tokenShiftLoop({ ...mix, mixes: 2 }) },
};
