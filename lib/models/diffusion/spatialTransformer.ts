// The transformer between convolutions of a UNet: attention over the positions of a plane, attention to a text, a gated
// feed-forward.
import { view, type Activation, type Layers } from "../layers.js";
import { selfAttention, type ProjectionNames } from "../transformer.js";

/** How diffusers names attention's matrices. */
export const attentionNames: ProjectionNames = {
  query: "to_q",
  key: "to_k",
  value: "to_v",
  core: "attention",
  out: "to_out.0",
};

/** A transformer over the positions of a plane. */
export interface SpatialTransformer {
  /** Heads; a head is the channels over them, rounded down. */
  heads: number;
  /** Blocks. */
  layers: number;
  /** Groups of the norm before the blocks. */
  groups: number;
  /** Whether the projections around the blocks are matrices, and no 1×1 convolutions. */
  linear: boolean;
  /** Whether both attentions of a block read the text. */
  onlyCross: boolean;
}

/** The blocks on x [batch, channels, height, width], with a residual around them; `text` [batch, tokens, width]. */
export function spatialTransformer(
  net: Layers,
  path: string,
  x: Activation,
  text: Activation,
  config: SpatialTransformer,
): Activation {
  const { heads, groups, linear } = config;
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const inner = heads * Math.floor(channels / heads);
  const tokens = height * width;
  const normed = net.groupNorm(`${path}/norm`, x, groups);
  let y = linear
    ? net.linear(`${path}/proj_in`, view(normed, [batch, tokens, channels]), inner)
    : view(net.conv(`${path}/proj_in`, normed, inner, 1, { bias: true }), [batch, tokens, inner]);
  for (let i = 0; i < config.layers; i++) y = block(net, `${path}/transformer_blocks.${i}`, y, text, config);
  y = linear
    ? view(net.linear(`${path}/proj_out`, y, channels), x.shape)
    : net.conv(`${path}/proj_out`, view(y, [batch, inner, height, width]), channels, 1, { bias: true });
  return net.add(`${path}/add`, y, x);
}

function block(
  net: Layers,
  path: string,
  x: Activation,
  text: Activation,
  { heads, onlyCross }: SpatialTransformer,
): Activation {
  const inner = x.shape[2]!;
  const attention = { heads, headDim: inner / heads, bias: false, outBias: true, names: attentionNames };
  const half = (y: Activation, n: number, run: (z: Activation) => Activation): Activation =>
    net.add(`${path}/add${n}`, run(net.layerNorm(`${path}/norm${n}`, y)), y);
  const toText = { ...attention, memory: text };
  let y = half(x, 1, (z) => selfAttention(net, `${path}/attn1`, z, onlyCross ? toText : attention));
  y = half(y, 2, (z) => selfAttention(net, `${path}/attn2`, z, toText));
  return half(y, 3, (z) => {
    const both = net.linear(`${path}/ff/net.0/proj`, z, 8 * inner);
    const hidden = [...z.shape.slice(0, 2), 4 * inner];
    const gate = net.activate(`${path}/ff/net.0/gelu`, view(both, hidden), "gelu");
    return net.linear(`${path}/ff/net.2`, net.multiply(`${path}/ff/net.0/gated`, view(both, hidden), gate), inner);
  });
}
