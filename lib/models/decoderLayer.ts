// One layer of a decoder: norms and residual sums around attention and feed-forward.
import { add, mul } from "../ops/index.js";
import { altUpLayer } from "./decoderAltUp.js";
import { crossAttention } from "./decoderCross.js";
import { selfAttention, type AttentionKind } from "./decoderAttention.js";
import type { DecoderLayerConfig } from "./decoderConfig.js";
import { denseAndExperts, feedForward } from "./decoderFeedForward.js";
import { withTokenInput } from "./decoderPerLayer.js";
import { norm, project, type DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/** What tells one layer of a decoder from another, beside its sizes. */
export interface LayerKind extends AttentionKind {
  /** Whether the feed-forward is routed experts. */
  sparse: boolean;
  /** Whether its gate has a threshold. */
  threshold?: boolean;
  /** What stands in place of attention, if anything. */
  attention?: DecoderLayerConfig["attention"];
  /** What stands in place of the feed-forward, if anything. */
  feedForward?: DecoderLayerConfig["feedForward"];
  /** What is added behind the feed-forward: each token's own input of this layer. */
  tokenInput?: Activation;
}

/** x [batch · tokens, hiddenSize] through the layer at `path`. */
export function decoderLayer(sheet: DecoderSheet, path: string, x: Activation, kind: LayerKind): Activation {
  if (sheet.config.altup) return altUpLayer(sheet, path, x, kind);
  const y = blocks(sheet, path, x, kind);
  const added = kind.tokenInput ? withTokenInput(sheet, path, y, kind.tokenInput) : y;
  return sheet.config.layerScalar ? scaled(sheet, `${path}/layer_scalar`, added) : added;
}

/** `x` times a number that is stored beside the parameters. */
function scaled({ put, unquantized: { dtype } }: DecoderSheet, path: string, x: Activation): Activation {
  const op = mul({ shape: x.shape, other: [1], constant: true }, { dtype });
  const [a, factor] = op.inputs;
  return put(path, { ...op, inputs: [a!], weights: [{ ...factor!, name: "layer_scalar", stored: false }] }, [x]);
}

function blocks(sheet: DecoderSheet, path: string, x: Activation, kind: LayerKind): Activation {
  const { parallelResidual, norms, moe } = sheet.config;
  const normed = (name: string, y: Activation) => norm(sheet, `${path}/${name}`, y);
  const square = { inFeatures: sheet.config.hiddenSize, outFeatures: sheet.config.hiddenSize };
  const linear = (half: string, y: Activation) => project(sheet, `${path}/${half}/linear`, y, square);
  const attend = (y: Activation) =>
    kind.attention === "linear" ? linear("attention", y) : selfAttention(sheet, `${path}/attention`, y, kind);
  const feed = (y: Activation) =>
    kind.feedForward === "linear" ? linear("mlp", y) : feedForward(sheet, `${path}/mlp`, y, kind);
  if (parallelResidual) {
    const input = normed("input_norm", x);
    const attended = attend(input);
    const fed = feed(norms === 2 ? normed("post_attention_norm", x) : input);
    return residual(sheet, `${path}/add_mlp`, residual(sheet, `${path}/add_attention`, x, attended), fed);
  }
  if (norms === "post") {
    const stream = normed("attention_norm", residual(sheet, `${path}/add_attention`, x, attend(x)));
    return normed("mlp_norm", residual(sheet, `${path}/add_mlp`, stream, feed(stream)));
  }
  const before = (name: string, y: Activation) => (norms === "after" ? y : normed(name, y));
  const behind = (name: string, y: Activation) => (norms === "after" || norms === 4 ? normed(name, y) : y);
  const attention = (y: Activation): Activation => {
    const kept = behind(norms === 4 ? "post_attention_norm" : "attention_norm", attend(before("input_norm", y)));
    return residual(sheet, `${path}/add_attention`, y, kept);
  };
  const own = kind.attention === "none" ? x : attention(x);
  const crossed = (y: Activation) => crossAttention(sheet, `${path}/cross_attention`, normed("cross_norm", y));
  const stream = sheet.sourceTokens ? residual(sheet, `${path}/add_cross`, own, crossed(own)) : own;
  if (kind.feedForward === "none") return stream;
  const input = before(norms === 4 ? "pre_mlp_norm" : "post_attention_norm", stream);
  const fed = kind.sparse && moe?.besideDense ? denseAndExperts(sheet, path, input, stream) : feed(input);
  return residual(sheet, `${path}/add_mlp`, stream, behind("post_mlp_norm", fed));
}

function residual(sheet: DecoderSheet, path: string, stream: Activation, y: Activation): Activation {
  const { put, config, batch, tokens, unquantized } = sheet;
  const shape = [batch * tokens, config.hiddenSize];
  const { dtype } = unquantized;
  const added = config.residualScale
    ? put(`${path}_scale`, mul({ shape, other: [1], constant: true }, { dtype }), [y])
    : y;
  return put(path, add({ shape }, { dtype }), [stream, added]);
}
