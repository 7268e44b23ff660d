// How squares of patches become a position of a text each: through two matrices, or a convolution and a gated network.
import type { ActivationKind } from "../ops/index.js";
import { view, type Activation, type Layers } from "./layers.js";
import { norm, type NormKind } from "./stack.js";

/** A merger: the paths of a norm and two matrices, or the width of the network behind a convolution. */
export type Merger = readonly [norm: string, up: string, down: string] | { readonly intermediateSize: number };

/** What all mergers of a tower have in common. */
export interface MergerSizes {
  /** Patches along a side of a square. */
  mergeSize: number;
  /** Width of the text. */
  outHiddenSize: number;
  /** The norm of the tower's layers; default "layer". */
  norm?: NormKind;
  /** Their activation. */
  act: ActivationKind;
}

/** Squares of x [images, patches, width] as rows, normed before or behind that, through two matrices. */
export function mergedByMatrices(
  net: Layers,
  [normPath, up, down]: readonly [string, string, string],
  x: Activation,
  { mergeSize, outHiddenSize, norm: kind, normBehind }: MergerSizes & { normBehind: boolean },
): Activation {
  const [images, patches, width] = x.shape as [number, number, number];
  const square = mergeSize ** 2;
  const squares = (y: Activation): Activation => view(y, [images, patches / square, square * width]);
  const rows = normBehind ? norm(net, normPath, squares(x), kind) : squares(norm(net, normPath, x, kind));
  return net.linear(down, net.activate(`${up}_act`, net.linear(up, rows, square * width), "gelu"), outHiddenSize);
}

/** Squares through one tap of a convolution each, then a matrix, a norm and a gated network without biases. */
export function mergedByConvolution(
  net: Layers,
  path: string,
  x: Activation,
  { mergeSize, outHiddenSize, act, intermediateSize }: MergerSizes & { intermediateSize: number },
): Activation {
  const [images, patches, width] = x.shape as [number, number, number];
  const squares = patches / mergeSize ** 2;
  const planes = view(x, [images * squares, width, mergeSize, mergeSize]);
  const map = net.conv(`${path}/downsample`, planes, outHiddenSize, mergeSize, { stride: mergeSize, bias: true });
  const rows = view(map, [images, squares, outHiddenSize]);
  const at = `${path}/merger`;
  const bias = false;
  const normed = net.layerNorm(`${at}/post_projection_norm`, net.linear(`${at}/proj`, rows, outHiddenSize, { bias }));
  const y = net.activate(`${at}/act1`, normed, "gelu");
  const gate = net.activate(`${at}/act_fn`, net.linear(`${at}/gate_proj`, y, intermediateSize, { bias }), act);
  const gated = net.multiply(`${at}/gated`, gate, net.linear(`${at}/up_proj`, y, intermediateSize, { bias }));
  return net.linear(`${at}/down_proj`, gated, outHiddenSize, { bias });
}
