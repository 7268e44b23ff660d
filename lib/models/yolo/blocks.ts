// The blocks of YOLO, as Ultralytics builds them: what a row of a version's table puts on the net. No version's sizes.
import { view, type Activation, type Layers } from "../layers.js";

/** Options of a convolution with norm and activation. */
interface ConvOptions {
  /** Default 1. */
  stride?: number;
  /** Default 1. */
  groups?: number;
  /** Default half the kernel. */
  padding?: number;
  /** Whether a SiLU follows; default true. */
  act?: boolean;
}

/** Convolution without bias, batch norm, SiLU. */
export function conv(
  net: Layers,
  path: string,
  x: Activation,
  out: number,
  kernelSize: number,
  { stride = 1, groups = 1, padding = Math.floor(kernelSize / 2), act = true }: ConvOptions = {},
): Activation {
  const y = net.batchNorm(`${path}/bn`, net.conv(`${path}/conv`, x, out, kernelSize, { stride, padding, groups }));
  return act ? net.activate(`${path}/act`, y, "silu") : y;
}

/** The channels of x from the `from`th on: no data moves. */
const slice = (x: Activation, channels: number): Activation => view(x, [x.shape[0]!, channels, ...x.shape.slice(2)]);

/** Two convolutions and, with `shortcut`, a residual; `hidden` channels between them. */
function bottleneck(
  net: Layers,
  path: string,
  x: Activation,
  { hidden, kernels: [first, second], shortcut }: Bottleneck,
): Activation {
  const channels = x.shape[1]!;
  return net.repeat(`bottleneck ${hidden} ${first} ${second} ${shortcut}`, path, x, (at, input) => {
    const y = conv(net, `${at}/cv2`, conv(net, `${at}/cv1`, input, hidden, first), channels, second);
    return shortcut ? net.add(`${at}/add`, input, y) : y;
  });
}
interface Bottleneck {
  hidden: number;
  kernels: readonly [number, number];
  shortcut: boolean;
}

/** `count` bottlenecks beside a 1×1 convolution of the same input, put together by another. */
export function c3(
  net: Layers,
  path: string,
  x: Activation,
  {
    out,
    count,
    shortcut,
    kernels = [1, 3],
  }: { out: number; count: number; shortcut: boolean; kernels?: [number, number] },
): Activation {
  const hidden = Math.floor(out / 2);
  let y = conv(net, `${path}/cv1`, x, hidden, 1);
  for (let i = 0; i < count; i++) y = bottleneck(net, `${path}/m.${i}`, y, { hidden, kernels, shortcut });
  const both = net.concat(`${path}/concat`, [y, conv(net, `${path}/cv2`, x, hidden, 1)]);
  return conv(net, `${path}/cv3`, both, out, 1);
}

/** A 1×1 convolution's halves, and what each of `count` blocks makes of the last one before it, put together. */
function split(
  net: Layers,
  path: string,
  x: Activation,
  { out, count, hidden }: { out: number; count: number; hidden: number },
  block: (at: string, y: Activation) => Activation,
): Activation {
  const both = conv(net, `${path}/cv1`, x, 2 * hidden, 1);
  let y = slice(both, hidden);
  const made: Activation[] = [];
  for (let i = 0; i < count; i++) {
    y = block(`${path}/m.${i}`, y);
    made.push(y);
  }
  return conv(net, `${path}/cv2`, net.concat(`${path}/concat`, [both, ...made]), out, 1);
}

/** The bottlenecks of version 8. */
export function c2f(
  net: Layers,
  path: string,
  x: Activation,
  { out, count, shortcut }: { out: number; count: number; shortcut: boolean },
): Activation {
  const hidden = Math.floor(out / 2);
  const kernels = [3, 3] as const;
  return split(net, path, x, { out, count, hidden }, (at, y) => bottleneck(net, at, y, { hidden, kernels, shortcut }));
}

/** The blocks of version 11 and later: a narrow bottleneck, with attention or not, or a C3 of two. */
export function c3k2(
  net: Layers,
  path: string,
  x: Activation,
  { out, count, nested, expansion, attended }: C3k2,
): Activation {
  const hidden = Math.floor(out * expansion);
  const narrow = { hidden: Math.floor(hidden / 2), kernels: [3, 3], shortcut: true } as const;
  return split(net, path, x, { out, count, hidden }, (at, y) => {
    if (attended) return attentionBlock(net, `${at}.1`, bottleneck(net, `${at}.0`, y, narrow), heads(hidden));
    if (nested) return c3k(net, at, y);
    return bottleneck(net, at, y, narrow);
  });
}
interface C3k2 {
  out: number;
  count: number;
  /** Whether its blocks are a C3 each. */
  nested: boolean;
  /** Width of its blocks over `out`. */
  expansion: number;
  /** Whether each block has attention. */
  attended: boolean;
}

const c3k = (net: Layers, path: string, x: Activation): Activation =>
  net.repeat("c3k", path, x, (at, y) =>
    c3(net, at, y, { out: y.shape[1]!, count: 2, shortcut: true, kernels: [3, 3] }),
  );

/** Heads of 64 values. */
const heads = (channels: number): number => Math.max(Math.floor(channels / 64), 1);

/** Three pools one behind the other, beside their input. */
export function sppf(
  net: Layers,
  path: string,
  x: Activation,
  { out, kernel, act, shortcut }: { out: number; kernel: number; act: boolean; shortcut: boolean },
): Activation {
  const parts = [conv(net, `${path}/cv1`, x, Math.floor(x.shape[1]! / 2), 1, { act })];
  const pool = { stride: 1, padding: Math.floor(kernel / 2) };
  for (let i = 0; i < 3; i++) parts.push(net.maxPool(`${path}/m.${i}`, parts.at(-1)!, kernel, pool));
  const y = conv(net, `${path}/cv2`, net.concat(`${path}/concat`, parts), out, 1);
  return shortcut && x.shape[1] === out ? net.add(`${path}/add`, y, x) : y;
}

/** Attention on half of the channels. */
export function c2psa(net: Layers, path: string, x: Activation, { count }: { count: number }): Activation {
  const channels = x.shape[1]!;
  const hidden = Math.floor(channels / 2);
  const both = conv(net, `${path}/cv1`, x, 2 * hidden, 1);
  let y = slice(both, hidden);
  for (let i = 0; i < count; i++) y = attentionBlock(net, `${path}/m.${i}`, y, heads(hidden));
  return conv(net, `${path}/cv2`, net.concat(`${path}/concat`, [slice(both, hidden), y]), channels, 1);
}

/** Attention with keys of half the width, then a feed-forward, each with a residual. */
function attentionBlock(net: Layers, path: string, x: Activation, count: number): Activation {
  const headDim = Math.floor(x.shape[1]! / count);
  const keyDim = Math.floor(headDim / 2);
  const seen = attend(net, `${path}/attn`, x, { count, keyDim, headDim, areas: 1, kernel: 3 });
  return feedForward(net, path, "ffn", net.add(`${path}/add_attn`, x, seen), 2 * x.shape[1]!);
}

function feedForward(net: Layers, path: string, name: string, x: Activation, hidden: number): Activation {
  const up = conv(net, `${path}/${name}.0`, x, hidden, 1);
  return net.add(`${path}/add_${name}`, x, conv(net, `${path}/${name}.1`, up, x.shape[1]!, 1, { act: false }));
}

interface Attend {
  count: number;
  keyDim: number;
  headDim: number;
  /** Parts of the plane that attend to themselves. */
  areas: number;
  /** Kernel of the convolution that tells places. */
  kernel: number;
}

function attend(
  net: Layers,
  path: string,
  x: Activation,
  { count, keyDim, headDim, areas, kernel }: Attend,
): Activation {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const inner = count * headDim;
  const qkv = conv(net, `${path}/qkv`, x, inner + 2 * count * keyDim, 1, { act: false });
  const tokens = (height * width) / areas;
  const shape = { batch: batch * areas, tokens, heads: count, headDim: keyDim, vHeadDim: headDim, causal: false };
  const seen = view(net.attention(`${path}/attention`, shape, [qkv]), [batch, inner, height, width]);
  const places = conv(net, `${path}/pe`, slice(qkv, inner), inner, kernel, { groups: inner, act: false });
  return conv(net, `${path}/proj`, net.add(`${path}/add_pe`, seen, places), channels, 1, { act: false });
}

/** The blocks of version 12: pairs of attention over areas of the plane, or a C3 each. */
export function a2c2f(
  net: Layers,
  path: string,
  x: Activation,
  { out, count, areas, residual, ratio }: A2c2f,
): Activation {
  const hidden = Math.floor(out / 2);
  const parts = [conv(net, `${path}/cv1`, x, hidden, 1)];
  for (let i = 0; i < count; i++) {
    const at = `${path}/m.${i}`;
    let y = parts.at(-1)!;
    if (areas === undefined) y = c3k(net, at, y);
    else
      for (let n = 0; n < 2; n++) {
        const wide = { count: hidden / 32, keyDim: 32, headDim: 32, areas, kernel: 7 };
        y = net.add(`${at}.${n}/add_attn`, y, attend(net, `${at}.${n}/attn`, y, wide));
        y = feedForward(net, `${at}.${n}`, "mlp", y, Math.floor(hidden * ratio));
      }
    parts.push(y);
  }
  const y = conv(net, `${path}/cv2`, net.concat(`${path}/concat`, parts), out, 1);
  if (!residual || areas === undefined) return y;
  return net.add(`${path}/add`, x, net.multiplyParameter(`${path}/gamma`, y, [out, 1, 1]));
}
interface A2c2f {
  out: number;
  count: number;
  /** Areas of its attention; absent: it has none. */
  areas?: number;
  /** Whether its result is scaled and added to its input. */
  residual: boolean;
  /** Width of its feed-forward over its own. */
  ratio: number;
}
