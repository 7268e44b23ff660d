// Learned tokens before the others.
import { elementCount, type Op } from "../op.js";
import { gradientOf, tensorAt } from "./gradient.js";
import { defineLayer } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { optional, size } from "./shapeKeys.js";

export interface PrependTokenShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** Tokens of x. */
  tokens: number;
  /** Width of a token. */
  hiddenSize: number;
  /** Learned tokens that are put before them (default 1). */
  count?: number;
}

function forward({ batch = 1, tokens, hiddenSize, count = 1 }: PrependTokenShape, { dtype }: Precision) {
  return {
    inputs: [{ name: "x", shape: [batch, tokens, hiddenSize], dtype }],
    weights: [{ name: "weight", shape: [1, count, hiddenSize], dtype }],
    outputs: [{ name: "y", shape: [batch, tokens + count, hiddenSize], dtype }],
    macs: 0,
    extras: {},
    attributes: { batch, tokens, hiddenSize, count },
  };
}

/** The token's gradient is a sum over the samples; that of x is a view. */
function gradient(op: Op): Op {
  const weight = tensorAt(op, "weights", 0);
  const batch = tensorAt(op, "inputs", 0).shape[0]!;
  const token = { ...weight, name: "token", shape: [batch, ...weight.shape.slice(1)] };
  return {
    kind: "prependToken.backward",
    inputs: [gradientOf(token)],
    weights: [],
    outputs: [gradientOf(weight)],
    macs: 0,
    extras: { elementwise: elementCount(token.shape) },
    attributes: op.attributes,
  };
}

/**
 * Learned vectors (a class token, registers) before the tokens of each sample: x [batch, tokens, hiddenSize] -> y
 * [batch, tokens + count, hiddenSize]. No arithmetic; every byte is read and written once. Backward: one FLOP an
 * element and sample.
 */
export const prependToken = defineLayer({
  kind: "prependToken",
  about: "learned tokens before the others",
  shapeKeys: { batch: optional(size), tokens: size, hiddenSize: size, count: optional(size) },
  example: { tokens: 196, hiddenSize: 768 },
  forward,
  backward: (op) => [gradient(op)],
});
