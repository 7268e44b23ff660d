// What a time does to a transformer's layers: it scales and shifts what a norm without parameters makes, and gates what
// is added.
import { view, type Activation, type Layers } from "../layers.js";

/** `count` vectors for each sample, [batch, 1, width] each, from one matrix on the activated time. */
export function adaptive(net: Layers, path: string, time: Activation, width: number, count: number): Activation {
  const made = net.linear(`${path}/linear`, net.activate(`${path}/silu`, time, "silu"), count * width);
  return view(made, [time.shape[0]!, 1, width]);
}

/** x (1 + scale) + shift, the vectors from `by`. */
export function modulated(net: Layers, path: string, x: Activation, by: Activation): Activation {
  const scale = net.addConstant(`${path}/one_plus`, by, [1]);
  return net.add(`${path}/shift`, net.multiply(`${path}/scale`, x, scale), by);
}

/** Norm without parameters, then scale and shift. */
export function adaptiveNorm(net: Layers, path: string, x: Activation, by: Activation): Activation {
  return modulated(net, path, net.layerNorm(`${path}/norm`, x, { affine: false }), by);
}

/** x + gate · y. */
export function gatedSum(net: Layers, path: string, x: Activation, y: Activation, gate: Activation): Activation {
  return net.add(`${path}/add`, x, net.multiply(`${path}/gate`, y, gate));
}

/** Which activation stands in a feed-forward, and whether half of its width gates the other. */
export interface DiffusionAct {
  /** The activation. */
  readonly act: "gelu" | "geluTanh";
  /** Whether it gates. */
  readonly gated: boolean;
}

/** Feed-forward of four times the width. */
export function feedForward(
  net: Layers,
  path: string,
  x: Activation,
  { act, gated }: DiffusionAct = { act: "geluTanh", gated: false },
): Activation {
  const width = x.shape.at(-1)!;
  const hidden = [...x.shape.slice(0, -1), 4 * width];
  const up = net.linear(`${path}/net.0/proj`, x, gated ? 8 * width : 4 * width);
  let y = net.activate(`${path}/net.0/gelu`, view(up, hidden), act);
  if (gated) y = net.multiply(`${path}/net.0/gated`, view(up, hidden), y);
  return net.linear(`${path}/net.2`, y, width);
}

/** The image of a latent as rows, one a patch. */
export function patches(net: Layers, path: string, latent: Activation, width: number, patchSize: number): Activation {
  const map = net.conv(path, latent, width, patchSize, { stride: patchSize, bias: true });
  const [batch, , rows, columns] = map.shape as [number, number, number, number];
  return view(map, [batch, rows * columns, width]);
}
