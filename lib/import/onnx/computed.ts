// Float tensors that a file stores although they were computed and not learned: masks, rotary tables and frequencies.
// They are known by their contents, of which a learned tensor's first few already differ.
import type { Tensor } from "./proto.js";
import { readerOf } from "./value.js";

type At = (i: number) => number;

/** Whether `t` holds what a formula gives. */
export function isComputed(t: Tensor): boolean {
  const n = t.dims.reduce((a, b) => a * b, 1);
  const at = n > 3 ? readerOf(t, n) : undefined;
  return at !== undefined && (isMask(t.dims, n, at) || isRotaryTable(t.dims, n, at) || isFrequencies(t.dims, n, at));
}

/** Numbers that let pass (0) or block (-100 and below) in the last two dimensions. */
function isMask(dims: readonly number[], n: number, at: At): boolean {
  if ((dims.at(-1) ?? 1) < 2 || (dims.at(-2) ?? 1) < 2) return false;
  let blocks = false;
  let passes = false;
  for (let i = 0; i < n; i++) {
    const x = at(i);
    if (x === 0) passes = true;
    else if (x <= -100) blocks = true;
    else return false;
  }
  return blocks && passes;
}

/**
 * Row t holds cos(t f) or sin(t f) of a frequency f for each column, so that x[t + 1] + x[t - 1] = 2 cos(f) x[t]; a row
 * of ones or zeros comes first.
 */
function isRotaryTable(dims: readonly number[], n: number, at: At): boolean {
  const width = dims.at(-1) ?? 0;
  const rows = n / Math.max(1, width);
  if (width < 2 || rows < 4 || (dims.at(-2) ?? 0) < 4) return false;
  const first = at(0);
  for (let j = 0; j < width; j++) if (at(j) !== first) return false;
  const second = at(width);
  if (second === first || Math.abs(first) > 4 || Math.abs(second) > 4) return false;
  for (let j = 0; j < width; j++) {
    const [a, b, c, d] = [at(j), at(width + j), at(2 * width + j), at(3 * width + j)];
    // (a + c) / b = (b + d) / c, without the division.
    if (Math.abs((a + c) * c - (b + d) * b) > 2e-3) return false;
  }
  return true;
}

/** 1, r, r², …: one dimension of more than 1, as rotary embeddings have. */
function isFrequencies(dims: readonly number[], n: number, at: At): boolean {
  if (dims.filter((d) => d > 1).length !== 1 || at(0) !== 1) return false;
  const ratio = at(1);
  if (ratio <= 0 || ratio >= 1) return false;
  for (let i = 1; i < n; i++) if (Math.abs(at(i) / at(i - 1) / ratio - 1) > 1e-2) return false;
  return true;
}
