// RWKV-4's two recurrences: the token shift, which blends each position with the one before, and the time mix (WKV), an
// average of all values so far with weights that decay.
import type { Op, TensorSpec } from "../op.js";
import { gradientOf, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { optional, size } from "./shapeKeys.js";
import { stateKey, stateTensors, type StateUse } from "./state.js";

export interface RwkvTimeMixShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample. */
  tokens: number;
  /** Channels, each with its own decay. */
  channels: number;
  /** What happens to the state (default "none"). */
  state?: StateUse;
}
export interface TokenShiftShape extends RwkvTimeMixShape {
  /** Blends that are made, each with its own share a channel (default 1). */
  mixes?: number;
}

// A step of a channel, kept in range by the largest exponent so far: 11 for the output (two exponentials), 12 for the
// sums that go on (two more). Backward: both pairs of weights and the denominator again 13, then 24.
const wkv = { forward: 23, transcendentals: 4, recompute: 13, backward: 24 };

function mixForward({ batch = 1, tokens, channels, state = "none" }: RwkvTimeMixShape, p: Precision) {
  const tensor = (name: string, ...sizes: number[]): TensorSpec => ({ name, shape: sizes, dtype: p.dtype });
  const kept = stateTensors(state, [batch, channels, 3], p);
  const steps = batch * tokens * channels;
  return {
    inputs: [tensor("k", batch, tokens, channels), tensor("v", batch, tokens, channels), ...kept.read],
    weights: [tensor("time_decay", channels), tensor("time_first", channels)],
    outputs: [tensor("y", batch, tokens, channels), ...kept.written],
    macs: 0,
    extras: { wkv: channels + wkv.forward * steps },
    transcendentals: channels + wkv.transcendentals * steps,
    attributes: { batch, tokens, channels, state },
  };
}

function mixBackward(
  op: Op & { readonly attributes: { batch: number; tokens: number; channels: number } },
  { inputGradient }: Required<BackwardOptions>,
): Op[] {
  const { batch, tokens, channels } = op.attributes;
  const k = tensorAt(op, "inputs", 0);
  const operands = [k, tensorAt(op, "inputs", 1)];
  const y = tensorAt(op, "outputs", 0);
  const sums: TensorSpec = { name: "sums", shape: [batch, tokens, channels, 3], dtype: k.dtype };
  const steps = batch * tokens * channels;
  return [
    {
      kind: "rwkvTimeMix.backward",
      inputs: [...operands, y, gradientOf(y), sums],
      weights: readAgain(op.weights),
      outputs: [...(inputGradient ? operands : []), ...op.weights].map((t) => gradientOf(t)),
      macs: 0,
      extras: { wkv: 2 * channels + (wkv.recompute + wkv.backward) * steps },
      transcendentals: channels + wkv.transcendentals * steps,
      attributes: op.attributes,
    },
  ];
}

/**
 * y = (Σ exp(-(t - 1 - i) w + k[i]) v[i] + exp(u + k[t]) v[t]) / (the same without v) over the positions i before t, w
 * = exp(time_decay), u = time_first, step by step: 23 FLOPs a channel and step, 4 of them exponentials, no contraction.
 * Shapes: k, v, y [batch, tokens, channels]; state (both sums and the largest exponent) [batch, channels, 3] at
 * `kvDtype`. Backward: 37 FLOPs, reading the sums before each step; none through the state. (arXiv 2305.13048)
 */
export const rwkvTimeMix = defineLayer({
  kind: "rwkvTimeMix",
  about: "RWKV-4: a running average of values, its weights decaying",
  shapeKeys: { batch: optional(size), tokens: size, channels: size, state: stateKey },
  example: { tokens: 8, channels: 32 },
  forward: mixForward,
  backward: mixBackward,
});

/** Each mix has its own tensors. */
const mostMixes = 10_000;

function shiftForward({ batch = 1, tokens, channels, mixes = 1, state = "none" }: TokenShiftShape, p: Precision) {
  const tensor = (name: string): TensorSpec => ({ name, shape: [batch, tokens, channels], dtype: p.dtype });
  const kept = stateTensors(state, [batch, channels], p);
  if (mixes > mostMixes) throw new RangeError(`tokenShift: mixes must be at most ${mostMixes}, got ${mixes}`);
  const each = <T>(of: (i: number) => T): T[] => Array.from({ length: mixes }, (_, i) => of(i));
  return {
    inputs: [tensor("x"), ...kept.read],
    weights: each((i): TensorSpec => ({ name: `mix${i}`, shape: [channels], dtype: p.dtype })),
    outputs: [...each((i) => tensor(`y${i}`)), ...kept.written],
    macs: 0,
    extras: { tokenShift: mixes * channels * (1 + 3 * batch * tokens) },
    attributes: { batch, tokens, channels, mixes, state },
  };
}

function shiftBackward(
  op: Op & { readonly attributes: { batch: number; tokens: number; channels: number; mixes: number } },
  { inputGradient }: Required<BackwardOptions>,
): Op[] {
  const { batch, tokens, channels, mixes } = op.attributes;
  const x = tensorAt(op, "inputs", 0);
  const elements = batch * tokens * channels;
  return [
    {
      kind: "tokenShift.backward",
      inputs: [x, ...op.outputs.slice(0, mixes).map((y) => gradientOf(y))],
      weights: inputGradient ? readAgain(op.weights) : [],
      outputs: [...(inputGradient ? [x] : []), ...op.weights].map((t) => gradientOf(t)),
      macs: 0,
      extras: { tokenShift: (1 + 2 * mixes) * elements + (inputGradient ? (4 * mixes - 1) * elements : 0) },
      attributes: op.attributes,
    },
  ];
}

/**
 * `mixes` blends y[t] = μ x[t] + (1 - μ) x[t - 1], μ a learned number a channel: 3 FLOPs an element of each and 1 - μ.
 * Shapes: x and each y [batch, tokens, channels]; state, the last x, [batch, channels] at `kvDtype`. Backward: 2 FLOPs
 * an element of a blend for μ and 1 for the difference; for x, 4 less one sum; none through the state.
 */
export const tokenShift = defineLayer({
  kind: "tokenShift",
  about: "blends of each position with the one before",
  shapeKeys: { batch: optional(size), tokens: size, channels: size, mixes: optional(size), state: stateKey },
  example: { tokens: 8, channels: 32, mixes: 3 },
  forward: shiftForward,
  backward: shiftBackward,
});
