// Nodes that only place, choose or name elements. A view costs nothing; a copy is an op without FLOPs that moves bytes.
import type { Rule } from "../context.js";
import { constant, constantOfShape, range, shapeOf, sizeOf } from "./constants.js";
import { blocks, concat, expand, pad, sameAsFirst, split, tile, transpose } from "./copies.js";
import { gather, gatherElements, gatherND, oneHot, slice } from "./selections.js";
import { bitCast, cast, dropout, flatten, identity, reshape, squeeze, unsqueeze } from "./views.js";

/** No floating-point operations, whatever the shape. */
export const layout: Readonly<Record<string, Rule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Identity: identity,
  Cast: cast,
  CastLike: cast,
  Dropout: dropout,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterND: sameAsFirst,
  ScatterElements: sameAsFirst,
  Scatter: sameAsFirst,
  TensorScatter: sameAsFirst,
  BitCast: bitCast,
  Trilu: sameAsFirst,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  DepthToSpace: blocks(1),
  SpaceToDepth: blocks(-1),
  Shape: shapeOf,
  Size: sizeOf,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  OneHot: oneHot,
  EyeLike: sameAsFirst,
  ReverseSequence: sameAsFirst,
};
