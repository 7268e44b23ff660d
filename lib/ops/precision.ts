// How an op's numbers are stored. Mixed precision is a matter of each tensor's dtype, so no layer has a special case
// for it.
import { positiveIntegers } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import type { Op, TensorSpec } from "../op.js";

/**
 * How tensors are stored. Every layer takes all of these, so that one record serves a whole model; where a layer has no
 * weights or no keys they change nothing.
 */
export interface PrecisionOptions {
  /** Format of the activations, and of what the other options do not name (default fp32). */
  dtype?: DType | string;
  /** Format of the weights (default `dtype`). */
  weightDtype?: DType | string;
  /** Format of keys and values, cached or not (default `dtype`). */
  kvDtype?: DType | string;
  /** Weights that share a scale along the input dimension (AWQ, GPTQ: 128; default: there are no scales). */
  groupSize?: number;
  /** Format of each scale (default `dtype`). */
  scaleDtype?: DType | string;
  /** Whether a zero point of the weight's own format stands beside each scale (default false). */
  zeroPoints?: boolean;
}

/** PrecisionOptions with their defaults. */
export interface Precision {
  /** Format of the activations. */
  readonly dtype: DType;
  /** Format of the weights. */
  readonly weightDtype: DType;
  /** Format of keys and values. */
  readonly kvDtype: DType;
  /** Weights that share a scale; absent: there are no scales. */
  readonly groupSize?: number;
  /** Format of each scale. */
  readonly scaleDtype: DType;
  /** Whether a zero point stands beside each scale. */
  readonly zeroPoints: boolean;
}

export const precisionKeys: readonly string[] = [
  "dtype",
  "weightDtype",
  "kvDtype",
  "groupSize",
  "scaleDtype",
  "zeroPoints",
];

/** Resolves the options of `who`; refuses unknown dtypes. Other keys are not read. */
export function precision(who: string, options: PrecisionOptions): Precision {
  const {
    dtype = "fp32",
    weightDtype = dtype,
    kvDtype = dtype,
    groupSize,
    scaleDtype = dtype,
    zeroPoints = false,
  } = options;
  if (groupSize !== undefined) positiveIntegers(who, { groupSize });
  return {
    dtype: parseDType(who, dtype),
    weightDtype: parseDType(who, weightDtype),
    kvDtype: parseDType(who, kvDtype),
    groupSize,
    scaleDtype: parseDType(who, scaleDtype),
    zeroPoints,
  };
}

/** The format of activations. */
export const dtypeOf = ({ dtype = "fp32" }: PrecisionOptions): DType => parseDType("dtype", dtype);

/** The format of keys and values. */
export const kvDtypeOf = ({ dtype, kvDtype = dtype ?? "fp32" }: PrecisionOptions): DType =>
  parseDType("kvDtype", kvDtype);

/** `op` with its outputs stored as cache entries. */
export function intoCache<AnOp extends Op>(op: AnOp, options: PrecisionOptions): AnOp {
  const dtype = kvDtypeOf(options);
  return op.outputs.every((t) => t.dtype === dtype) ? op : { ...op, outputs: op.outputs.map((t) => ({ ...t, dtype })) };
}

/**
 * A weight [out, …, in] and, when quantized by groups, its scales and zero points: bytes that are no parameters.
 * The last `inputDims` dimensions together are the input (a convolution's channels and taps), along which groups run;
 * the last group may be short.
 */
export function weightTensors(name: string, shape: readonly number[], p: Precision, inputDims = 1): TensorSpec[] {
  const weight: TensorSpec = { name, shape, dtype: p.weightDtype };
  if (p.groupSize === undefined) return [weight];
  const inputs = shape.slice(-inputDims).reduce((n, d) => n * d, 1);
  const groups = [...shape.slice(0, -inputDims), Math.ceil(inputs / p.groupSize)];
  return [
    weight,
    { name: `${name}.scales`, shape: groups, dtype: p.scaleDtype, stored: false },
    ...(p.zeroPoints ? [{ name: `${name}.zeros`, shape: groups, dtype: p.weightDtype, stored: false }] : []),
  ];
}
