// Alternating updates: a layer computes one of several streams and predicts the others from it; and a low-rank path
// beside its attention (Laurel). (Gemma 3n, arXiv 2301.13310)
import { activation, add, concat, linear, matmul, mul, rmsNorm, sub } from "../ops/index.js";
import { selfAttention } from "./decoderAttention.js";
import { feedForward } from "./decoderFeedForward.js";
import type { LayerKind } from "./decoderLayer.js";
import { tokenInputOf } from "./decoderPerLayer.js";
import { norm, project, type DecoderSheet } from "./decoderSheet.js";
import { view, type Activation, type Mark } from "./sheet.js";

/** The calls that this file's parts share; `rows` are those of one stream. */
function partsOf(on: DecoderSheet) {
  const { put, config, batch, tokens, unquantized } = on;
  const { hiddenSize, altup } = config;
  const { numInputs: streams } = altup!;
  const rows = batch * tokens;
  const p = { dtype: unquantized.dtype };
  return {
    rows,
    streams,
    one: [rows, hiddenSize],
    all: [streams, rows, hiddenSize],
    sum: (path: string, x: Activation, y: Activation): Activation =>
      put(path, add({ shape: x.shape, other: y.shape }, p), [x, y]),
    scaled: (path: string, x: Activation): Activation =>
      put(path, mul({ shape: x.shape, other: [1], constant: true }, p), [x]),
    small: (path: string, x: Activation, inFeatures: number, outFeatures: number, mark: Mark = {}): Activation =>
      put(path, linear({ tokens: rows, inFeatures, outFeatures }, unquantized), [x], mark),
    // A row scaled to the length of another: a norm without scales, and a product.
    asLongAs: (path: string, x: Activation): Activation => {
      const unit = put(path, rmsNorm({ tokens: rows, normalizedShape: hiddenSize, affine: false }, p), [x]);
      return put(`${path}_scale`, mul({ shape: [rows, hiddenSize], other: [rows, 1] }, p), [unit]);
    },
    concat: (path: string, parts: readonly Activation[]): Activation =>
      put(path, concat({ shapes: parts.map(() => [1, rows, hiddenSize]) }, p), parts),
  };
}

/** x [batch · tokens, hiddenSize] as the streams that enter the first layer: itself, and its projections. */
export function spreadStreams(on: DecoderSheet, x: Activation): Activation {
  const { hiddenSize, altup } = on.config;
  if (!altup) return x;
  const { streams, asLongAs, concat: stacked } = partsOf(on);
  const parts = [x];
  for (let i = 1; i < streams; i++) {
    const matrix = { inFeatures: hiddenSize, outFeatures: hiddenSize };
    const y = project(on, `altup_projections.${i - 1}`, x, matrix);
    parts.push(asLongAs(`altup_norm.${i - 1}`, y));
  }
  return stacked("altup_streams", parts);
}

/** The mean of all streams, each but the first projected. */
export function joinedStreams(on: DecoderSheet, x: Activation): Activation {
  const { hiddenSize, altup } = on.config;
  if (!altup) return x;
  const { streams, one, asLongAs, sum, scaled } = partsOf(on);
  let y = view(x, one);
  for (let i = 1; i < streams; i++) {
    const matrix = { inFeatures: hiddenSize, outFeatures: hiddenSize };
    const projected = project(on, `altup_unembed_projections.${i - 1}`, x, matrix);
    y = sum(`altup_add.${i - 1}`, y, asLongAs(`altup_unembed_norm.${i - 1}`, projected));
  }
  return streams === 1 ? y : scaled("altup_mean", y);
}

/** Streams x [numInputs, batch · tokens, hiddenSize] through the layer at `path`. */
export function altUpLayer(on: DecoderSheet, path: string, x: Activation, kind: LayerKind): Activation {
  const { one, all, sum, scaled } = partsOf(on);
  const predicted = predictions(on, `${path}/altup`, x);
  const active = view(predicted, one);
  const input = norm(on, `${path}/input_norm`, active);
  const laurel = lowRank(on, `${path}/laurel`, input);
  const attended = selfAttention(on, `${path}/attention`, input, kind);
  const stream = sum(`${path}/add_attention`, active, norm(on, `${path}/post_attention_norm`, attended));
  const both = scaled(`${path}/laurel_scale`, sum(`${path}/add_laurel`, stream, laurel));
  const fed = feedForward(on, `${path}/mlp`, norm(on, `${path}/pre_mlp_norm`, both), kind);
  const computed = sum(`${path}/add_mlp`, both, norm(on, `${path}/post_mlp_norm`, fed));
  const corrected = corrections(on, `${path}/altup`, predicted, computed);
  const first = view(corrected, one);
  const { dtype } = on.unquantized;
  const scales = { shape: one, other: [on.config.hiddenSize], parameter: true };
  const sized = on.put(`${path}/altup/correct_output_scale`, mul(scales, { dtype }), [first]);
  const added = tokenInputOf(on, path, sized, kind.tokenInput!);
  // The first stream stays as it is.
  const others = view(corrected, [all[0]! - 1, ...one]);
  return all[0] === 1 ? corrected : view(sum(`${path}/add_per_layer`, others, added), all);
}

/** x + norm(B A x), B A of a low rank. */
function lowRank(on: DecoderSheet, path: string, x: Activation): Activation {
  const { hiddenSize, altup } = on.config;
  const { laurelRank } = altup!;
  const left = project(on, `${path}/linear_left`, x, { inFeatures: hiddenSize, outFeatures: laurelRank });
  const right = project(on, `${path}/linear_right`, left, { inFeatures: laurelRank, outFeatures: hiddenSize });
  return partsOf(on).sum(`${path}/add`, x, norm(on, `${path}/post_laurel_norm`, right));
}

/** A number for each stream, from one: norm, matrix and tanh, whose parameters both uses of a layer share. */
function modalities(on: DecoderSheet, path: string, x: Activation, owner?: string): Activation {
  const { rows, streams, one, scaled, small } = partsOf(on);
  const { put, config, unquantized: p } = on;
  const shared = (name: string): Mark => (owner === undefined ? {} : { sharedWeights: `${owner}/${name}` });
  const normed = rmsNorm({ tokens: rows, normalizedShape: config.hiddenSize }, { dtype: p.dtype });
  const y = put(`${path}/router_norm`, normed, [view(x, one)], shared("router_norm"));
  const scores = small(
    `${path}/modality_router`,
    scaled(`${path}/router_scale`, y),
    config.hiddenSize,
    streams,
    shared("modality_router"),
  );
  return put(`${path}/tanh`, activation("tanh", { shape: [rows, streams] }, p), [scores]);
}

/** Each stream plus a mixture of all. */
function predictions(on: DecoderSheet, path: string, x: Activation): Activation {
  const { rows, streams, all, small, sum } = partsOf(on);
  const own = `${path}/predict`;
  const coefficients = small(`${own}/prediction_coefs`, modalities(on, own, x), streams, streams * streams);
  const shape = { batch: rows, m: on.config.hiddenSize, n: streams, k: streams };
  const mixed = on.put(`${own}/mix`, matmul(shape, on.unquantized), [x, coefficients]);
  return sum(`${own}/add`, view(mixed, all), view(x, all));
}

/** Each prediction plus its share of what `computed` differs by from the one that was computed. */
function corrections(on: DecoderSheet, path: string, predicted: Activation, computed: Activation): Activation {
  const { rows, streams, one, all, small, sum } = partsOf(on);
  const own = `${path}/correct`;
  const { dtype } = on.unquantized;
  const router = modalities(on, own, computed, `${path}/predict`);
  const difference = on.put(`${own}/innovation`, sub({ shape: one }, { dtype }), [computed, predicted]);
  const coefficients = small(`${own}/correction_coefs`, router, streams, streams);
  const plusOne = add({ shape: [rows, streams], other: [1], constant: true }, { dtype });
  const shares = on.put(`${own}/coefs_add`, plusOne, [coefficients]);
  const scaled = mul({ shape: [1, ...one], other: [streams, rows, 1] }, { dtype });
  const innovations = on.put(`${own}/scale`, scaled, [difference, shares]);
  return sum(`${own}/add`, view(innovations, all), view(predicted, all));
}
