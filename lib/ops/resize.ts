// An image, signal or volume at another size, by its nearest positions or interpolated between them.
import { positiveIntegers, shown } from "../check.js";
import { elementCount, type Extras, type Op, type TensorSpec } from "../op.js";
import { gradientOf, inputGradientOnly, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import type { Precision } from "./precision.js";
import { perDimension, positivePerDimension, type Spatial } from "./shape.js";
import { choice, flag, optional, perDimensionFactor, perDimensionSize } from "./shapeKeys.js";
import { spaceKeys, spaceOf, type SpaceShape } from "./space.js";
import { outSizes } from "./window.js";

/** Give `size` or `scaleFactor` beside the sizes of x. */
export interface ResizeShape extends SpaceShape {
  /** Sizes of y: a number for all dimensions, or one for each. */
  size?: Spatial;
  /** Size of y over that of x, rounded down: a number for all dimensions, or one for each. */
  scaleFactor?: Spatial;
  /** How a value between positions is found, by PyTorch's names for each number of dimensions (default nearest). */
  mode?: string;
  /** Whether a value of a smaller y is found from all positions of x that it stands for (default false). */
  antialias?: boolean;
}

// Positions that a value is found from in each dimension, and the numbers of dimensions that the mode is for.
const modes: Readonly<Record<string, { taps: number; ranks: readonly number[] }>> = {
  nearest: { taps: 1, ranks: [1, 2, 3] },
  "nearest-exact": { taps: 1, ranks: [1, 2, 3] },
  linear: { taps: 2, ranks: [1] },
  bilinear: { taps: 2, ranks: [2] },
  bicubic: { taps: 4, ranks: [2] },
  trilinear: { taps: 2, ranks: [3] },
};

/** Sizes of y, and which dimensions are read between their positions. */
function target(space: Record<string, number>, { size, scaleFactor }: ResizeShape): [number[], boolean[]] {
  const names = Object.keys(space);
  const from = Object.values(space);
  if ((size === undefined) === (scaleFactor === undefined))
    throw new TypeError(`resize: shape must have size or scaleFactor, got ${size === undefined ? "neither" : "both"}`);
  if (size !== undefined) {
    const out = positivePerDimension("resize", "size", size, from.length);
    return [out, out.map((n, i) => n !== from[i])];
  }
  const factors = perDimension("resize", "scaleFactor", scaleFactor, from.length);
  const out = factors.map((factor, i) => {
    if (typeof factor !== "number")
      throw new TypeError(`resize: scaleFactor must be a positive number, got ${shown(factor)}`);
    if (!(factor > 0 && factor < Infinity))
      throw new RangeError(`resize: scaleFactor must be a positive number, got ${shown(factor)}`);
    const n = Math.floor(from[i]! * factor);
    positiveIntegers("resize", { [`${names[i]} ${from[i]} times scaleFactor ${factor}`]: n });
    return n;
  });
  return [out, factors.map((factor) => factor !== 1)];
}

function forward(shape: ResizeShape, { dtype }: Precision) {
  const { batch = 1, channels, mode = "nearest", antialias = false } = shape;
  const space = spaceOf("resize", shape);
  const rank = Object.keys(space).length;
  const [out, between] = target(space, shape);
  const { taps: each, ranks } = modes[mode]!;
  if (!ranks.includes(rank)) {
    const those = Object.keys(modes).filter((name) => modes[name]!.ranks.includes(rank));
    throw new RangeError(`resize: mode must be one of ${those.join(", ")} in ${rank} dimensions, got ${shown(mode)}`);
  }
  if (antialias && each === 1)
    throw new RangeError(`resize: mode must interpolate where antialias is true, got ${shown(mode)}`);
  const from = Object.values(space);
  const tapsIn = (n: number, i: number): number => (between[i] ? each * (antialias ? Math.max(n, from[i]!) : n) : n);
  const taps = batch * channels * elementCount(out.map(tapsIn));
  const x: TensorSpec = { name: "x", shape: [batch, channels, ...from], dtype };
  const y: TensorSpec = { name: "y", shape: [batch, channels, ...out], dtype };
  const extras: Extras = copies(taps, y) ? {} : { interpolate: 2 * taps - elementCount(y.shape) };
  return {
    inputs: [x],
    weights: [],
    outputs: [y],
    macs: 0,
    extras,
    attributes: { batch, channels, ...space, ...outSizes(space, out), mode, antialias, taps },
  };
}

/** Whether every element of y is one of x. */
const copies = (taps: number, y: TensorSpec): boolean => taps === elementCount(y.shape);

/** Each dy is weighed and added at every position that its value was found from; a copied one is added. */
function gradient(op: Op, taps: number): Op {
  const dy = gradientOf(tensorAt(op, "outputs", 0));
  return {
    kind: "resize.backward",
    inputs: [dy],
    weights: [],
    outputs: [gradientOf(tensorAt(op, "inputs", 0))],
    macs: 0,
    extras: { interpolate: copies(taps, dy) ? taps : 2 * taps },
    attributes: op.attributes,
  };
}

/**
 * x [batch, channels, …sizes] at another size, as torch.nn.Upsample and F.interpolate: out size floor(size ·
 * scaleFactor), or `size`. Nearest copies: 0 FLOPs. (Bi-, tri-)linear finds a value from 2 and bicubic from 4 positions
 * in each dimension that changes (times in / out size where `antialias` makes it smaller): a product each, and a sum
 * but for the first. Positions and weights, the same for all channels, are neglected. Backward: two FLOPs for each of
 * them, or one add an element that was copied. Throws when the mode is not for that many dimensions.
 */
export const resize = defineLayer({
  kind: "resize",
  about: "x at another size, copied or interpolated",
  shapeKeys: {
    ...spaceKeys,
    size: optional(perDimensionSize),
    scaleFactor: optional(perDimensionFactor),
    mode: choice(...Object.keys(modes)),
    antialias: flag,
  },
  example: { channels: 64, height: 16, width: 16, scaleFactor: 2, mode: "bilinear" },
  forward,
  backward: (op, options) => inputGradientOnly(options, () => gradient(op, op.attributes.taps)),
});
