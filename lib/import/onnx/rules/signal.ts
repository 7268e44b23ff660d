// Transforms of signals and what they are windowed with.
import { elementCount } from "../../../op.js";
import { fft } from "../../../ops/fft.js";
import { axisOf, isEmpty, type Context, type Found, type Rule } from "../context.js";
import { elementTypes } from "../elementTypes.js";
import { Uncountable, valueOf } from "../value.js";

/** The length of a transform's output is its input's, or what a one-sided one leaves of it or makes. */
const dft: Rule = (c) => {
  const shape = c.shape(0);
  const more = { operands: [1, 2] };
  const declared = c.declared(0)?.shape;
  const given = c.opset < 20 ? c.int("axis", 1) : c.has(2) ? c.data(2)?.[0] : -2;
  const inverse = c.int("inverse", 0) === 1;
  const half = c.int("onesided", 0) === 1;
  const unknown: Found = {
    outputs: [{ dtype: c.dtype() }],
    why: "the length or axis of the transform is not in the file",
  };
  if (given === undefined) return unknown;
  const axis = axisOf(given, shape.length);
  // Half of a transform does not tell the length of the whole: of an inverse the output does.
  const made = half && !inverse ? undefined : declared?.[axis];
  const own = inverse && half ? 2 * (shape[axis]! - 1) : shape[axis]!;
  const n = c.has(1) ? (c.data(1)?.[0] ?? made) : own;
  if (n === undefined) return unknown;
  const out = [...shape];
  out[axis] = half && !inverse ? Math.floor(n / 2) + 1 : n;
  out[out.length - 1] = inverse && half ? 1 : 2;
  const value = valueOf(out, c.dtype());
  if (isEmpty(shape) || isEmpty(out)) return { ...more, outputs: [value] };
  const batch = elementCount(shape.filter((_, i) => i !== axis && i !== shape.length - 1));
  return { ...more, outputs: [value], ops: [{ op: fft({ batch, n, real: shape.at(-1) === 1 || half, inverse }) }] };
};

/** Frames of a signal [batch, samples, 1 or 2], each windowed and transformed. The window is no parameter. */
const stft: Rule = (c) => {
  const [batch, samples, parts = 1] = c.shape(0);
  const declared = c.declared(0)?.shape;
  const half = c.int("onesided", 1) === 1;
  const step = c.data(1)?.[0];
  const told = c.has(3) ? c.data(3)?.[0] : undefined;
  const frame = told ?? (c.has(2) ? c.shape(2)[0] : undefined) ?? (half ? undefined : declared?.[2]);
  const frames = step && frame !== undefined ? Math.floor((samples! - frame) / step) + 1 : declared?.[1];
  const more: Partial<Found> = { operands: [1, 3], unstored: [2] };
  if (frames === undefined || frame === undefined)
    return { ...more, outputs: [{ dtype: c.dtype() }], why: "frames are not in the file" };
  if (samples === undefined || frame > samples)
    throw new Uncountable(`a frame must be at most the ${samples} samples of the signal, got ${frame}`);
  const op = fft({ batch: batch! * frames, n: frame, real: parts !== 2 });
  const windowed: Record<string, number> = c.has(2) ? { window: batch! * frames * frame } : {};
  return {
    ...more,
    outputs: [valueOf([batch!, frames, half ? Math.floor(frame / 2) + 1 : frame, 2], c.dtype())],
    ops: [{ op: { ...op, extras: { ...op.extras, ...windowed } } }],
  };
};

/** Known before the first run where its size is. */
function made(c: Context, shape: readonly (number | undefined)[], type: string): Found {
  const dtype = elementTypes.get(c.int(type, 1))?.dtype;
  const known = shape.every((d) => d !== undefined) ? (shape as readonly number[]) : c.declared(0)?.shape;
  return {
    outputs: [known ? valueOf(known, dtype) : { ...(dtype ? { dtype } : {}) }],
    why: "its size is not in the file",
  };
}
const windowed: Rule = (c) => made(c, [c.data(0)?.[0]], "output_datatype");
const melWeights: Rule = (c) => {
  const length = c.data(1)?.[0];
  const bins = length === undefined ? undefined : Math.floor(length / 2) + 1;
  return made(c, [bins, c.data(0)?.[0]], "output_datatype");
};
const random: Rule = (c) => made(c, c.ints("shape") ?? [undefined], "dtype");
const randomLike: Rule = (c) => {
  const dtype = elementTypes.get(c.int("dtype", 0))?.dtype ?? c.dtype();
  return { outputs: [valueOf(c.shape(0), dtype)] };
};

export const signal: Readonly<Record<string, Rule>> = {
  DFT: dft,
  STFT: stft,
  HannWindow: windowed,
  HammingWindow: windowed,
  BlackmanWindow: windowed,
  MelWeightMatrix: melWeights,
  RandomNormal: random,
  RandomUniform: random,
  RandomNormalLike: randomLike,
  RandomUniformLike: randomLike,
  Bernoulli: randomLike,
  Multinomial: (c) => ({
    outputs: [valueOf([c.shape(0)[0]!, c.int("sample_size", 1)], elementTypes.get(c.int("dtype", 6))?.dtype)],
  }),
};
