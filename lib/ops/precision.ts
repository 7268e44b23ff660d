// How an op's numbers are stored. Mixed precision is a matter of each tensor's dtype, so no layer has a special case
// for it.
import { knownKeys, positiveIntegers } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import type { TensorSpec } from "../op.js";

/**
 * `dtype`: activations, and weights unless `weightDtype` says otherwise (default fp32). `kvDtype`: keys and values
 * (cached or not). `groupSize`: weights per scale along the input dimension (AWQ, GPTQ: 128); `scaleDtype` of each
 * scale (default `dtype`); `zeroPoints`: one zero point of the weight's own dtype beside each scale. Every layer takes
 * all of them, so that one record serves a whole model; where a layer has no weights or no keys they change nothing.
 */
export interface PrecisionOptions {
  dtype?: DType | string;
  weightDtype?: DType | string;
  kvDtype?: DType | string;
  groupSize?: number;
  scaleDtype?: DType | string;
  zeroPoints?: boolean;
}

export interface Precision {
  readonly dtype: DType;
  readonly weightDtype: DType;
  readonly kvDtype: DType;
  readonly groupSize?: number;
  readonly scaleDtype: DType;
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

/**
 * Resolves the options of `who`; refuses unknown dtypes and, listing `ownKeys` too, unknown keys (a misspelt size ends
 * up here).
 */
export function precision(who: string, options: PrecisionOptions, ownKeys: readonly string[] = []): Precision {
  for (const key in options) if (!precisionKeys.includes(key)) knownKeys(who, options, [...ownKeys, ...precisionKeys]);
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
