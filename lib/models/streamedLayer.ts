// One layer of a decoder whose residual stream runs in several copies (DeepSeek-V4): what each half reads of them, and
// how they are mixed behind it.
import { hyperConnection, streamMix } from "../ops/index.js";
import { compressedSelfAttention } from "./compressedAttention.js";
import type { CompressedKind } from "./compressedConfig.js";
import { isSparse } from "./decoderDefaults.js";
import { feedForward } from "./decoderFeedForward.js";
import { norm, type DecoderSheet } from "./decoderSheet.js";
import type { Activation, Sheet } from "./sheet.js";

/** The layers of a decoder, from the embedding x [batch · tokens, hiddenSize] to what its last norm reads. */
export function streamedLayers(on: DecoderSheet, repeat: Sheet["repeat"], x: Activation): Activation {
  const { config } = on;
  const { layerTypes, hashLayers } = config.compressed!;
  let streams = x;
  for (let i = 0; i < config.numHiddenLayers; i++) {
    const kind = { attention: layerTypes[i]!, sparse: isSparse(config, i), hashed: hashLayers?.includes(i) === true };
    const key = `${kind.attention} ${kind.sparse} ${kind.hashed}`;
    streams = repeat(key, `layers.${i}`, streams, (path, y) => streamedLayer(on, path, y, kind));
  }
  return on.put("hc_head", hyperConnection({ ...streamsOf(on), head: true }, on.quantized), [streams]);
}

/** What tells one such layer from another. */
interface StreamedKind {
  /** What its attention sees. */
  attention: CompressedKind;
  /** Whether its feed-forward is routed experts. */
  sparse: boolean;
  /** Whether they are looked up by the token. */
  hashed: boolean;
}

/** Streams x [batch · tokens, hcMult, hiddenSize] through the layer at `path`. */
function streamedLayer(sheet: DecoderSheet, path: string, x: Activation, kind: StreamedKind): Activation {
  const attended = half(
    sheet,
    x,
    { hc: `${path}/attn_hc`, norm: `${path}/input_norm`, mix: `${path}/mix_attention` },
    (y) => compressedSelfAttention(sheet, `${path}/attention`, y, kind.attention),
  );
  return half(
    sheet,
    attended,
    { hc: `${path}/ffn_hc`, norm: `${path}/post_attention_norm`, mix: `${path}/mix_mlp` },
    (y) => feedForward(sheet, `${path}/mlp`, y, kind),
  );
}

function half(
  sheet: DecoderSheet,
  x: Activation,
  paths: { hc: string; norm: string; mix: string },
  block: (y: Activation) => Activation,
): Activation {
  const { put, quantized } = sheet;
  const read = put(paths.hc, hyperConnection(streamsOf(sheet), quantized), [x]);
  const made = block(norm(sheet, paths.norm, read));
  const { tokens, streams, hiddenSize } = streamsOf(sheet);
  return put(paths.mix, streamMix({ tokens, streams, hiddenSize }, quantized), [x, made, read]);
}

function streamsOf({ config, batch, tokens }: DecoderSheet) {
  const { hcMult, hcSinkhornIters } = config.compressed!;
  return { tokens: batch * tokens, streams: hcMult, hiddenSize: config.hiddenSize, sinkhornIters: hcSinkhornIters };
}
