// A layer of two streams, an image's and a text's, that attend to all positions of both (Stable Diffusion 3, FLUX).
import { view, type Activation, type Layers } from "../layers.js";
import { adaptive, adaptiveNorm, feedForward, gatedSum, modulated } from "./adaptive.js";
import { input, embedVector } from "./latentNet.js";

/** Attention of such a layer. */
export interface JointAttention {
  /** Heads. */
  heads: number;
  /** Width of a head. */
  headDim: number;
  /** Norm of each head's queries and keys. */
  qkNorm?: "rms" | "layer";
  /** Whether queries and keys are turned by their positions; default false. */
  rotary?: boolean;
}

/** Both streams, [batch, tokens, width] each. */
export interface Streams {
  readonly image: Activation;
  readonly text: Activation;
}

/** Queries, keys and values of one stream. */
function projected(net: Layers, at: (name: string) => string, x: Activation, a: JointAttention, own: boolean) {
  const inner = a.heads * a.headDim;
  return (["q", "k", "v"] as const).map((part) => {
    const y = net.linear(at(own ? `to_${part}` : `add_${part}_proj`), x, inner);
    if (a.qkNorm === undefined || part === "v") return y;
    const byHead = view(y, [...x.shape.slice(0, 2), a.heads, a.headDim]);
    const path = at(own ? `norm_${part}` : `norm_added_${part}`);
    return view(a.qkNorm === "rms" ? net.rmsNorm(path, byHead) : net.layerNorm(path, byHead), y.shape);
  });
}

/** The products of attention over the positions of `operands`. */
function core(net: Layers, path: string, operands: readonly Activation[], a: JointAttention): Activation {
  const { heads, headDim, rotary = false } = a;
  const [batch, tokens] = operands[0]!.shape as [number, number];
  const turned = operands.map((x, i) =>
    rotary && i < 2 ? net.rope(`${path}/${i === 0 ? "q" : "k"}_rope`, x, { heads, rotaryDim: headDim }) : x,
  );
  const shape = { batch, tokens, context: tokens, heads, headDim, causal: false };
  return net.attention(`${path}/attention`, shape, turned);
}

/** Attention of one stream to itself, without its output projection. */
export function ownAttention(net: Layers, path: string, x: Activation, a: JointAttention): Activation {
  return core(
    net,
    path,
    projected(net, (name) => `${path}/${name}`, x, a, true),
    a,
  );
}

function jointAttention(
  net: Layers,
  path: string,
  { image, text }: Streams,
  a: JointAttention,
  last: boolean,
): Streams {
  const at = (name: string): string => `${path}/${name}`;
  const ofImage = projected(net, at, image, a, true);
  const ofText = projected(net, at, text, a, false);
  const both = ofImage.map((x, i) => net.concat(at(`concat_${"qkv"[i]}`), [x, ofText[i]!], { axis: 1 }));
  const seen = core(net, path, both, a);
  const width = image.shape[2]!;
  const [batch, tokens] = image.shape as [number, number];
  const inner = a.heads * a.headDim;
  const textSeen = view(seen, [batch, text.shape[1]!, inner]);
  return {
    image: net.linear(at("to_out.0"), view(seen, [batch, tokens, inner]), width),
    text: last ? text : net.linear(at("to_add_out"), textSeen, width),
  };
}

/** A layer of two streams. `last`: its text goes no further; `dual`: the image also attends to itself alone. */
export function jointBlock(
  net: Layers,
  path: string,
  streams: Streams,
  time: Activation,
  { last = false, dual = false, ...attention }: JointAttention & { last?: boolean; dual?: boolean },
): Streams {
  const { image, text } = streams;
  const width = image.shape[2]!;
  const by = adaptive(net, `${path}/norm1`, time, width, dual ? 9 : 6);
  const normedImage = net.layerNorm(`${path}/norm1/norm`, image, { affine: false });
  const textBy = adaptive(net, `${path}/norm1_context`, time, width, last ? 2 : 6);
  const seen = jointAttention(
    net,
    `${path}/attn`,
    {
      image: modulated(net, `${path}/norm1`, normedImage, by),
      text: adaptiveNorm(net, `${path}/norm1_context`, text, textBy),
    },
    attention,
    last,
  );
  let y = gatedSum(net, `${path}/msa`, image, seen.image, by);
  if (dual) {
    const again = ownAttention(net, `${path}/attn2`, modulated(net, `${path}/norm1_2`, normedImage, by), attention);
    y = gatedSum(net, `${path}/msa2`, y, net.linear(`${path}/attn2/to_out.0`, again, width), by);
  }
  const fed = (x: Activation, vectors: Activation, suffix: string): Activation => {
    const normed = adaptiveNorm(net, `${path}/norm2${suffix}`, x, vectors);
    return gatedSum(net, `${path}/mlp${suffix}`, x, feedForward(net, `${path}/ff${suffix}`, normed), vectors);
  };
  const nextImage = fed(y, by, "");
  if (last) return { image: nextImage, text };
  return {
    image: nextImage,
    text: fed(gatedSum(net, `${path}/msa_context`, text, seen.text, textBy), textBy, "_context"),
  };
}

/** Time, pooled text and, where a model was trained to it, guidance as one vector. Sinusoids are neglected. */
export function timeText(net: Layers, batch: number, width: number, pooled: number, guidance = false): Activation {
  const path = "time_text_embed";
  let time = embedVector(net, `${path}/timestep_embedder`, input([batch, 256]), width);
  if (guidance) {
    const strength = embedVector(net, `${path}/guidance_embedder`, input([batch, 256]), width);
    time = net.add(`${path}/add_guidance`, time, strength);
  }
  return net.add(`${path}/add`, time, embedVector(net, `${path}/text_embedder`, input([batch, pooled]), width));
}

/** The last norm, steered by the time, and the matrix to the values of a patch. */
export function patchOutput(net: Layers, x: Activation, time: Activation, values: number): Activation {
  const by = adaptive(net, "norm_out", time, x.shape[2]!, 2);
  return net.linear("proj_out", adaptiveNorm(net, "norm_out", x, by), values);
}
