// An image read at the places of a grid, between its positions.
import { shown } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision } from "./precision.js";
import { positivePerDimension, type Spatial } from "./shape.js";
import { choice, perDimensionSize } from "./shapeKeys.js";
import { spaceKeys, spaceOf, type SpaceShape } from "./space.js";
import { outSizes } from "./window.js";

/** Sizes of an input, and of the grid of positions that it is sampled at. */
export interface GridSampleShape extends SpaceShape {
  /** Sizes of the grid, and of y: a number for all dimensions, or one for each. */
  size: Spatial;
  /** How a value between positions is found (default bilinear, in any number of dimensions; bicubic in two). */
  mode?: "nearest" | "bilinear" | "bicubic";
}

const tapsOf = { nearest: 1, bilinear: 2, bicubic: 4 } as const;

function forward(shape: GridSampleShape, { dtype }: Precision) {
  const { batch = 1, channels, mode = "bilinear" } = shape;
  const space = spaceOf("gridSample", shape);
  const rank = Object.keys(space).length;
  const out = positivePerDimension("gridSample", "size", shape.size, rank);
  if (mode === "bicubic" && rank !== 2)
    throw new RangeError(`gridSample: mode must be nearest or bilinear in ${rank} dimensions, got ${shown(mode)}`);
  const taps = tapsOf[mode] ** rank;
  const y: TensorSpec = { name: "y", shape: [batch, channels, ...out], dtype };
  return {
    inputs: [
      { name: "x", shape: [batch, channels, ...Object.values(space)], dtype },
      { name: "grid", shape: [batch, ...out, rank], dtype },
    ],
    weights: [],
    outputs: [y],
    macs: 0,
    extras: (taps === 1 ? {} : { interpolate: (2 * taps - 1) * elementCount(y.shape) }) as Record<string, number>,
    attributes: { batch, channels, ...space, ...outSizes(space, out), mode, taps },
  };
}

/** To x a product and a sum a tap; to the grid the derivative along each dimension, times dy, summed over channels. */
function gradient(op: Op, taps: number, { inputGradient }: Required<BackwardOptions>): Op[] {
  const x = tensorAt(op, "inputs", 0);
  const grid = tensorAt(op, "inputs", 1);
  const dy = gradientOf(tensorAt(op, "outputs", 0));
  const n = elementCount(dy.shape);
  const toInput = inputGradient ? (taps === 1 ? 1 : 2 * taps) : 0;
  const toGrid = taps === 1 ? 0 : grid.shape.at(-1)! * (2 * taps + 1);
  return [
    {
      kind: "gridSample.backward",
      inputs: [x, grid, dy],
      weights: [],
      outputs: [...(inputGradient ? [gradientOf(x)] : []), gradientOf(grid)],
      macs: 0,
      extras: { interpolate: (toInput + toGrid) * n },
      attributes: op.attributes,
    },
  ];
}

/**
 * x [batch, channels, …sizes] at the places of grid [batch, …size, dimensions], as F.grid_sample: y [batch, channels,
 * …size]. Nearest copies: 0 FLOPs. Bilinear takes 2 and bicubic 4 positions in each dimension: taps products and taps -
 * 1 sums an element of y. Places and weights of taps, the same for all channels, are neglected. Backward: two FLOPs a
 * tap for dx, 2 · taps + 1 a dimension for the grid's.
 */
export const gridSample = defineLayer({
  kind: "gridSample",
  about: "x at the places of a grid",
  shapeKeys: { ...spaceKeys, size: perDimensionSize, mode: choice(...Object.keys(tapsOf)) },
  example: { channels: 64, height: 16, width: 16, size: 8 },
  forward,
  backward: (op, options) => gradient(op, op.attributes.taps, options),
});
