// The short causal convolution of state-space and linear-attention models: each channel over its last few positions.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { bilinearBackward, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import { weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import { flag, optional, size } from "./shapeKeys.js";
import { stateKey, stateTensors, type StateUse } from "./state.js";

export interface ShortConvShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** New positions of each sample. */
  tokens: number;
  /** Channels, each with its own filter. */
  channels: number;
  /** Positions that a filter sees, the own one included. */
  kernelSize: number;
  /** Whether a number is added to each channel (default false). */
  bias?: boolean;
  /** What happens to the last positions, which are the state (default "none"). */
  state?: StateUse;
}

/** Taps of a filter that fall on positions of a text of `tokens`, not before its start. */
function tapsInText(tokens: number, kernelSize: number): number {
  const short = Math.min(tokens, kernelSize);
  return (short * (short + 1)) / 2 + (tokens - short) * kernelSize;
}

function forward(
  { batch = 1, tokens, channels, kernelSize, bias = false, state = "none" }: ShortConvShape,
  p: Precision,
) {
  const y: TensorSpec = { name: "y", shape: [batch, tokens, channels], dtype: p.dtype };
  const kept = stateTensors(state, [batch, channels, kernelSize - 1], p);
  const weights = weightTensors("weight", [channels, 1, kernelSize], p);
  if (bias) weights.push({ name: "bias", shape: [channels], dtype: p.dtype });
  const rows = batch * channels;
  const fromNothing = state !== "update";
  return {
    inputs: [{ ...y, name: "x" }, ...kept.read],
    weights,
    outputs: [y, ...kept.written],
    macs: rows * kernelSize * (fromNothing ? tokens + kernelSize - 1 : tokens),
    ...(fromNothing ? { exactMacs: rows * tapsInText(tokens, kernelSize) } : {}),
    extras: bias ? { bias: elementCount(y.shape) } : ({} as Record<string, number>),
    attributes: { batch, tokens, channels, kernelSize, bias, state },
  };
}

/** The state is no function of this pass's weights: no gradient goes through it. */
const backward = (op: Op, options: Required<BackwardOptions>): Op[] =>
  bilinearBackward({ ...op, outputs: [tensorAt(op, "outputs", 0)] }, options);

/**
 * Causal depthwise convolution: y[t] = Σ weight[i] x[t - i] (+ bias). Shapes: x and y [batch, tokens, channels], weight
 * [channels, 1, kernelSize], state [batch, channels, kernelSize - 1] at `kvDtype`. From nothing it runs, as every tool
 * sees it, padded at both ends, the surplus cut off: macs = batch · channels · kernelSize · (tokens + kernelSize - 1);
 * exactMacs leaves out the taps before the text. With "update" the padding is the state, and macs are those of tokens.
 * Backward: dx and dW, as many macs each; none through the state.
 */
export const shortConv = defineLayer({
  kind: "shortConv",
  about: "causal depthwise convolution over the last positions",
  shapeKeys: {
    batch: optional(size),
    tokens: size,
    channels: size,
    kernelSize: size,
    bias: flag,
    state: stateKey,
  },
  example: { tokens: 8, channels: 32, kernelSize: 4 },
  forward,
  backward,
});
