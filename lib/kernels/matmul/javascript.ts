// The first three rungs: matmul in plain JavaScript. The first is the reference that every other variant must equal.
import { matmul, type MatmulShape } from "../../ops/index.js";
import { filled } from "../fill.js";
import type { Kernel } from "../kernel.js";
import { matmulSizes } from "./sizes.js";

interface Arrays {
  a: Float32Array;
  b: Float32Array;
  c: Float32Array;
  m: number;
  n: number;
  k: number;
}
type Variant = Kernel<MatmulShape, Arrays>;

const variant = (name: string, run: (arrays: Arrays) => void): Variant => ({
  name,
  engine: "javascript",
  stream: "triad",
  op: (shape) => matmul(shape),
  prepare(shape) {
    const { m, n, k } = matmulSizes(name, shape);
    return { a: filled(m * k, 1), b: filled(k * n, 2), c: new Float32Array(m * n), m, n, k };
  },
  run: (arrays) => {
    run(arrays);
    return arrays.c;
  },
});

/**
 * C = A·B as it is written on paper: a row times a column. B is read down its columns, a cache line for each value.
 */
export const matmulIjk: Variant = variant("matmul/ijk", ({ a, b, c, m, n, k }) => {
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[p * n + j]!;
      c[i * n + j] = sum;
    }
});

/** The two inner loops exchanged: B and C are read along their rows. */
export const matmulIkj: Variant = variant("matmul/ikj", ({ a, b, c, m, n, k }) => {
  c.fill(0);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const x = a[i * k + p]!;
      for (let j = 0; j < n; j++) c[i * n + j]! += x * b[p * n + j]!;
    }
});

const depthBlock = 256;

/**
 * Blocked and packed: panels of four rows of A and four columns of B, copied so that the inner loop reads both in a
 * row, and sixteen sums that stay in registers. Panels are fp64, because JavaScript computes in fp64 and would convert
 * at every use.
 */
export const matmulPacked: Variant = variant("matmul/packed", ({ a, b, c, m, n, k }) => {
  c.fill(0);
  const rows = Math.ceil(m / 4) * 4;
  const panelsA = new Float64Array(rows * depthBlock);
  const panelB = new Float64Array(4 * depthBlock);
  const tile = new Float64Array(16);
  for (let p0 = 0; p0 < k; p0 += depthBlock) {
    const depth = Math.min(depthBlock, k - p0);
    for (let i = 0; i < rows; i++)
      for (let p = 0; p < depth; p++) panelsA[(i - (i & 3)) * depth + p * 4 + (i & 3)] = i < m ? a[i * k + p0 + p]! : 0;
    for (let j = 0; j < n; j += 4) {
      const columns = Math.min(4, n - j);
      for (let p = 0; p < depth; p++)
        for (let v = 0; v < 4; v++) panelB[p * 4 + v] = v < columns ? b[(p0 + p) * n + j + v]! : 0;
      for (let i = 0; i < m; i += 4) {
        multiplyPanels(panelsA, i * depth, panelB, depth, tile);
        for (let u = 0; u < Math.min(4, m - i); u++)
          for (let v = 0; v < columns; v++) c[(i + u) * n + j + v]! += tile[u * 4 + v]!;
      }
    }
  }
});

function multiplyPanels(pa: Float64Array, at: number, pb: Float64Array, depth: number, tile: Float64Array): void {
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  for (let q = 0; q < depth * 4; q += 4) {
    const b0 = pb[q]!;
    const b1 = pb[q + 1]!;
    const b2 = pb[q + 2]!;
    const b3 = pb[q + 3]!;
    const a0 = pa[at + q]!;
    const a1 = pa[at + q + 1]!;
    const a2 = pa[at + q + 2]!;
    const a3 = pa[at + q + 3]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  tile[0] = c00;
  tile[1] = c01;
  tile[2] = c02;
  tile[3] = c03;
  tile[4] = c10;
  tile[5] = c11;
  tile[6] = c12;
  tile[7] = c13;
  tile[8] = c20;
  tile[9] = c21;
  tile[10] = c22;
  tile[11] = c23;
  tile[12] = c30;
  tile[13] = c31;
  tile[14] = c32;
  tile[15] = c33;
}
