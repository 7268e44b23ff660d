// What every part of a decoder is written with: the sheet, the sizes, how tensors are stored; and the two ops that all
// parts have, a projection and a norm.
import type { Op } from "../op.js";
import { layerNorm, linear, rmsNorm } from "../ops/index.js";
import type { DecoderPrecision, FullConfig } from "./decoderDefaults.js";
import type { Activation, Put } from "./sheet.js";

/** Activations are [batch · tokens, width]. */
export interface DecoderSheet extends DecoderPrecision {
  /** Notes an op. */
  readonly put: Put;
  /** The decoder's configuration. */
  readonly config: FullConfig;
  /** Sequences. */
  readonly batch: number;
  /** New positions of each. */
  readonly tokens: number;
  /** Positions that the new ones attend to, themselves included. */
  readonly context: number;
  /** Positions of a source that layers attend to; undefined: there is none. */
  readonly sourceTokens?: number;
  /** Whether attention's scores never leave the chip. */
  readonly fusedAttention: boolean;
  /**
   * Whether latent attention reads its cache itself (decode), and a source's keys and values are cached; else keys and
   * values of every head are made.
   */
  readonly absorbed: boolean;
}

/** A matrix of a layer. */
export interface ProjectionShape {
  /** Its input's width. */
  inFeatures: number;
  /** Its output's width. */
  outFeatures: number;
  /** Default false. */
  bias?: boolean;
}

/** A matrix of a layer on every row. */
export const projection = (sheet: DecoderSheet, shape: ProjectionShape): Op =>
  linear({ tokens: sheet.batch * sheet.tokens, ...shape }, sheet.quantized);

export function project(sheet: DecoderSheet, path: string, x: Activation, shape: ProjectionShape): Activation {
  return sheet.put(path, projection(sheet, shape), [x]);
}

/** An RMS norm over `width` elements a row, inside a half of a layer. */
export function subNorm({ put, unquantized, batch, tokens }: DecoderSheet, path: string, x: Activation, width: number) {
  const { dtype } = unquantized;
  return put(path, rmsNorm({ tokens: batch * tokens, normalizedShape: width }, { dtype }), [x]);
}

/** The decoder's own kind of norm over the residual stream. */
export function norm(
  { put, config, unquantized, batch, tokens }: DecoderSheet,
  path: string,
  x: Activation,
): Activation {
  const { hiddenSize, normAffine: affine = true, normBias: bias = affine } = config;
  const shape = { tokens: batch * tokens, normalizedShape: hiddenSize, affine };
  const { dtype } = unquantized;
  return put(path, config.norm === "layer" ? layerNorm({ ...shape, bias }, { dtype }) : rmsNorm(shape, { dtype }), [x]);
}
