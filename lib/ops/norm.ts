// Normalisations. FLOPs per element are itemised in each docstring; scale and shift are parameters, running statistics are not.
import { divides, positiveIntegers, record } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { precision, type PrecisionOptions } from "./precision.js";

interface NormSpec { kind: string; shape: readonly number[]; features: number; perElement: number; statistics: number; scales: string[]; running?: boolean; attributes: Record<string, unknown>; options: PrecisionOptions }

function norm({ kind, shape, features, perElement, statistics, scales, running = false, attributes, options }: NormSpec): Op {
  const { dtype } = precision(kind, options);
  const x: TensorSpec = { name: "x", shape, dtype }, n = elementCount(shape);
  const weights = scales.map((name): TensorSpec => ({ name, shape: [features], dtype }));
  const statisticsOf = running ? ["runningMean", "runningVar"].map((name): TensorSpec => ({ name, shape: [features], dtype, stored: false })) : [];
  return {
    kind, inputs: [x], weights: [...weights, ...statisticsOf], outputs: [{ ...x, name: "y" }], macs: 0,
    extras: perElement > 0 ? { norm: perElement * n } : {}, transcendentals: statistics, attributes: { ...attributes, elements: n },
    // dX needs two reductions and a recombination, about as much again and half; the scales' gradients one product and one sum each.
    backward: () => [{
      kind: `${kind}.backward`, inputs: [{ ...x, name: "dY" }, x, ...weights.map((w) => ({ ...w, stored: false }))], weights: [],
      outputs: [{ ...x, name: "dX" }, ...weights.map((w) => ({ ...w, name: `d${w.name}`, stored: false }))], macs: 0,
      extras: perElement > 0 ? { norm: (perElement + 3 + scales.length) * n } : {},
    }],
  };
}

export interface LayerNormShape extends PrecisionOptions { tokens?: number; features: number; affine?: boolean; bias?: boolean }

/** Layer norm over the last axis, 8 FLOPs per element: mean 1, variance 3, subtract and scale 2, affine 2 (0 without). Shapes: x [tokens, features]; one square root per token. */
export function layerNorm(shape: LayerNormShape, options: PrecisionOptions = {}): Op {
  record("layerNorm", "shape", shape);
  const { tokens = 1, features, affine = true, bias = affine, ...rest } = shape;
  positiveIntegers("layerNorm", { tokens, features });
  return norm({ kind: "layerNorm", shape: [tokens, features], features, perElement: 6 + Number(affine) + Number(bias), statistics: tokens, scales: [...(affine ? ["weight"] : []), ...(bias ? ["bias"] : [])], attributes: { tokens, features, affine, bias }, options: { ...rest, ...options } });
}

export interface RmsNormShape extends PrecisionOptions { tokens?: number; features: number; affine?: boolean }

/** RMS norm, 4 FLOPs per element: square and sum 2, scale 1, weight 1 (0 without). Shapes: x [tokens, features]; one square root per token. */
export function rmsNorm(shape: RmsNormShape, options: PrecisionOptions = {}): Op {
  record("rmsNorm", "shape", shape);
  const { tokens = 1, features, affine = true, ...rest } = shape;
  positiveIntegers("rmsNorm", { tokens, features });
  return norm({ kind: "rmsNorm", shape: [tokens, features], features, perElement: 3 + Number(affine), statistics: tokens, scales: affine ? ["weight"] : [], attributes: { tokens, features, affine }, options: { ...rest, ...options } });
}

export interface BatchNormShape extends PrecisionOptions { batch?: number; channels: number; height?: number; width?: number; affine?: boolean; folded?: boolean; training?: boolean }

/** Batch norm: evaluated as a scale and a shift per channel, 2 FLOPs per element; 0 when `folded` into the layer before; 8 in `training` (as layerNorm). Shapes: x [batch, channels, height, width]. */
export function batchNorm(shape: BatchNormShape, options: PrecisionOptions = {}): Op {
  record("batchNorm", "shape", shape);
  const { batch = 1, channels, height = 1, width = 1, affine = true, folded = false, training = false, ...rest } = shape;
  positiveIntegers("batchNorm", { batch, channels, height, width });
  const op = norm({ kind: "batchNorm", shape: [batch, channels, height, width], features: channels, perElement: folded ? 0 : training ? 6 + 2 * Number(affine) : 2, statistics: training ? channels : 0, scales: affine ? ["weight", "bias"] : [], running: !training, attributes: { batch, channels, height, width, affine, folded, training }, options: { ...rest, ...options } });
  return folded ? { ...op, inputs: [], outputs: [{ ...op.outputs[0]!, elements: 0 }], weights: op.weights.map((w) => ({ ...w, elements: 0 })) } : op;
}

export interface GroupNormShape extends PrecisionOptions { batch?: number; channels: number; height?: number; width?: number; groups: number; affine?: boolean }

/** Group norm, 8 FLOPs per element as layerNorm. Shapes: x [batch, channels, height, width]; groups must divide channels. */
export function groupNorm(shape: GroupNormShape, options: PrecisionOptions = {}): Op {
  record("groupNorm", "shape", shape);
  const { batch = 1, channels, height = 1, width = 1, groups, affine = true, ...rest } = shape;
  positiveIntegers("groupNorm", { batch, channels, height, width, groups });
  divides("groupNorm", "groups", groups, "channels", channels);
  return norm({ kind: "groupNorm", shape: [batch, channels, height, width], features: channels, perElement: 6 + 2 * Number(affine), statistics: batch * groups, scales: affine ? ["weight", "bias"] : [], attributes: { batch, channels, height, width, groups, affine }, options: { ...rest, ...options } });
}
