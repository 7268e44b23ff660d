// How an op's numbers are stored. Mixed precision is a matter of each tensor's dtype, so no layer has a special case for it.
import { knownKeys, positiveIntegers } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import type { TensorSpec } from "../op.js";

/**
 * `dtype`: activations, and weights unless `weightDtype` says otherwise (default fp32). `kvDtype`: cached keys and values.
 * `groupSize`: weights per scale along the input dimension (AWQ, GPTQ: 128); `scaleDtype` of each scale (default `dtype`);
 * `zeroPoints`: one zero point of the weight's own dtype beside each scale.
 */
export interface PrecisionOptions { dtype?: DType | string; weightDtype?: DType | string; kvDtype?: DType | string; groupSize?: number; scaleDtype?: DType | string; zeroPoints?: boolean }

export interface Precision { readonly dtype: DType; readonly weightDtype: DType; readonly kvDtype: DType; readonly groupSize?: number; readonly scaleDtype: DType; readonly zeroPoints: boolean }

const keys = ["dtype", "weightDtype", "kvDtype", "groupSize", "scaleDtype", "zeroPoints"];

/** Resolves the options of `who`; refuses unknown keys (a misspelt size ends up here) and unknown dtypes. */
export function precision(who: string, options: PrecisionOptions): Precision {
  knownKeys(who, options, keys);
  const { dtype = "fp32", weightDtype = dtype, kvDtype = dtype, groupSize, scaleDtype = dtype, zeroPoints = false } = options;
  if (groupSize !== undefined) positiveIntegers(who, { groupSize });
  return { dtype: parseDType(who, dtype), weightDtype: parseDType(who, weightDtype), kvDtype: parseDType(who, kvDtype), groupSize, scaleDtype: parseDType(who, scaleDtype), zeroPoints };
}

/** A weight [out, …, in] and, when quantized by groups, its scales and zero points: bytes that are no parameters. */
export function weightTensors(name: string, shape: readonly number[], p: Precision): TensorSpec[] {
  const weight: TensorSpec = { name, shape, dtype: p.weightDtype };
  if (p.groupSize === undefined) return [weight];
  const groups = [...shape.slice(0, -1), Math.ceil(shape[shape.length - 1]! / p.groupSize)];
  return [
    weight,
    { name: `${name}.scales`, shape: groups, dtype: p.scaleDtype, stored: false },
    ...(p.zeroPoints ? [{ name: `${name}.zeros`, shape: groups, dtype: p.weightDtype, stored: false }] : []),
  ];
}
