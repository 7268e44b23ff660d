// What the parts of a state-space decoder are written with beside a decoder's own: what happens to the states, and the
// steps that mixers share.
import { activation, mul, rmsNorm, shortConv, type StateUse } from "../ops/index.js";
import type { DecoderSheet } from "./decoderSheet.js";
import { view, type Activation } from "./sheet.js";
import type { HybridConfig } from "./stateSpaceConfig.js";

/** A decoder's sheet, and what its recurrent layers do with their states. */
export interface HybridSheet extends DecoderSheet {
  /** The whole configuration. */
  readonly hybrid: HybridConfig;
  /** Nothing kept in training; written in prefill; read and written from a state on. */
  readonly state: StateUse;
  /** Step by step for one token from a state, else in chunks. */
  readonly form: "chunked" | "recurrent";
}

/** Rows of `width` of every position. */
export const wide = ({ batch, tokens }: HybridSheet, width: number): { shape: number[] } => ({
  shape: [batch * tokens, width],
});

/** SiLU of `width` elements a position. */
export const silu = (sheet: HybridSheet, path: string, x: Activation, width: number): Activation =>
  sheet.put(path, activation("silu", wide(sheet, width), { dtype: sheet.unquantized.dtype }), [x]);

/** Two tensors of `width` elements a position, element by element. */
export const product = (sheet: HybridSheet, path: string, x: Activation, y: Activation, width: number): Activation =>
  sheet.put(path, mul(wide(sheet, width), { dtype: sheet.unquantized.dtype }), [x, y]);

/** The short convolution over `channels` of x, and its activation. */
export function convolved(
  sheet: HybridSheet,
  path: string,
  x: Activation,
  { channels, kernelSize, bias, act }: { channels: number; kernelSize: number; bias: boolean; act: boolean },
): Activation {
  const { put, batch, tokens, state, unquantized } = sheet;
  const op = shortConv({ batch, tokens, channels, kernelSize, bias, state }, unquantized);
  const y = view(put(`${path}/conv1d`, op, [x]), wide(sheet, channels).shape);
  return act ? silu(sheet, `${path}/conv_activation`, y, channels) : y;
}

/** RMS norm of `groups` parts of a row of `width`, with one scale for the whole row. */
export function groupedNorm(
  sheet: HybridSheet,
  path: string,
  x: Activation,
  { width, groups }: { width: number; groups: number },
): Activation {
  const { put, batch, tokens, unquantized } = sheet;
  const { dtype } = unquantized;
  const rows = batch * tokens;
  if (groups === 1) return put(path, rmsNorm({ tokens: rows, normalizedShape: width }, { dtype }), [x]);
  const statistics = rmsNorm({ tokens: rows * groups, normalizedShape: width / groups, affine: false }, { dtype });
  const normed = put(path, statistics, [x]);
  const scale = mul({ ...wide(sheet, width), other: [width], parameter: true }, { dtype });
  return put(`${path}_scale`, scale, [normed]);
}
