// Transforms of signals and what they are windowed with. A transform of n complex numbers counts 5 n log2 n FLOPs, as
// FFTW's authors do (fftw.org/speed); half of it where input or output are real.
import { elementCount } from "../../../op.js";
import { axisOf, type Context, type Found, type Rule } from "../context.js";
import { elementTypes } from "../elementTypes.js";
import { Uncountable, valueOf } from "../value.js";
import { elementwiseOp } from "./elementwise.js";

export const fftFlops = (n: number, real: boolean): number => (real ? 2.5 : 5) * n * Math.log2(Math.max(1, n));

const dft: Rule = (c) => {
  const shape = c.shape(0);
  const given = c.opset < 20 ? c.int("axis", 1) : c.has(2) ? c.data(2)?.[0] : -2;
  const wanted = c.has(1) ? c.data(1)?.[0] : undefined;
  if (given === undefined || (c.has(1) && wanted === undefined))
    return { outputs: [c.declared(0)], why: "the length or axis of the transform is not in the file" };
  const axis = axisOf(given, shape.length);
  const inverse = c.int("inverse", 0) === 1;
  const half = c.int("onesided", 0) === 1;
  const n = wanted ?? (inverse && half ? 2 * (shape[axis]! - 1) : shape[axis]!);
  const out = [...shape];
  out[axis] = half && !inverse ? Math.floor(n / 2) + 1 : n;
  out[out.length - 1] = inverse && half ? 1 : 2;
  const signals = elementCount(shape.filter((_, i) => i !== axis && i !== shape.length - 1));
  const real = shape.at(-1) === 1 || half;
  return {
    outputs: [valueOf(out, c.dtype())],
    ops: [{ op: elementwiseOp("dft", "fft", 1, signals * fftFlops(n, real)) }],
    operands: [1, 2],
  };
};

/** Frames of a signal [batch, samples, 1 or 2], each windowed and transformed. The window is no parameter. */
const stft: Rule = (c) => {
  const shape = c.shape(0);
  const step = c.data(1)?.[0];
  const frame = c.has(3) ? c.data(3)?.[0] : c.has(2) ? c.shape(2)[0] : undefined;
  const more: Partial<Found> = { operands: [1, 3], unstored: [2] };
  if (!step || frame === undefined) return { ...more, outputs: [c.declared(0)], why: "frames are not in the file" };
  if (shape.length < 2 || frame > shape[1]!)
    throw new Uncountable(`a frame must be at most the ${shape[1]} samples of the signal, got ${frame}`);
  const half = c.int("onesided", 1) === 1;
  const frames = Math.floor((shape[1]! - frame) / step) + 1;
  const work = shape[0]! * frames * (fftFlops(frame, shape[2] !== 2) + (c.has(2) ? frame : 0));
  return {
    ...more,
    outputs: [valueOf([shape[0]!, frames, half ? Math.floor(frame / 2) + 1 : frame, 2], c.dtype())],
    ops: [{ op: elementwiseOp("stft", "fft", 1, work) }],
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
