// One layer of a decoder: norms and residual sums around attention and feed-forward.
import { add, mul } from "../ops/index.js";
import { selfAttention, type AttentionKind } from "./decoderAttention.js";
import { feedForward } from "./decoderFeedForward.js";
import { norm, type DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/** What tells one layer of a decoder from another. */
export interface LayerKind extends AttentionKind {
  /** Whether the feed-forward is routed experts. */
  sparse: boolean;
}

/** x [batch · tokens, hiddenSize] through the layer at `path`. */
export function decoderLayer(sheet: DecoderSheet, path: string, x: Activation, kind: LayerKind): Activation {
  const { parallelResidual, norms } = sheet.config;
  const normed = (name: string, y: Activation) => norm(sheet, `${path}/${name}`, y);
  const attend = (y: Activation) => selfAttention(sheet, `${path}/attention`, y, kind);
  const feed = (y: Activation) => feedForward(sheet, `${path}/mlp`, y, kind.sparse);
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
  const attended = attend(before("input_norm", x));
  const kept = behind(norms === 4 ? "post_attention_norm" : "attention_norm", attended);
  const stream = residual(sheet, `${path}/add_attention`, x, kept);
  const fed = feed(before(norms === 4 ? "pre_mlp_norm" : "post_attention_norm", stream));
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
