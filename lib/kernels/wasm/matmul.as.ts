// C = A·B, row-major fp32, by packed panels and a register kernel of 4 rows by 8 columns, which no engine has to
// spill. A slice of the rows is one worker's share; every size is allowed, panels are padded with zeros.
import { madd } from "./simd.as";

const MR = 4;
const NR = 8;

/**
 * Rows [rowBegin, rowEnd) of C. `packA` holds rowBlock·depthBlock values, `packB` depthBlock·(n rounded up to 8),
 * `tile` 32.
 */
export function matmul(
  c: usize,
  a: usize,
  b: usize,
  rowBegin: i32,
  rowEnd: i32,
  n: i32,
  k: i32,
  packA: usize,
  packB: usize,
  tile: usize,
  depthBlock: i32,
  rowBlock: i32,
  zero: f32,
): void {
  for (let p0 = 0; p0 < k; p0 += depthBlock) {
    const depth = min(depthBlock, k - p0);
    packColumns(packB, b + ((<usize>p0 * n) << 2), depth, n);
    for (let i0 = rowBegin; i0 < rowEnd; i0 += rowBlock) {
      const rows = min(rowBlock, rowEnd - i0);
      packRows(packA, a + ((<usize>i0 * k + p0) << 2), rows, depth, k);
      for (let j = 0; j < n; j += NR)
        for (let i = 0; i < rows; i += MR) {
          const to = c + ((<usize>(i0 + i) * n + j) << 2);
          const whole = i + MR <= rows && j + NR <= n;
          micro(
            packA + ((<usize>i * depth) << 2),
            packB + ((<usize>j * depth) << 2),
            whole ? to : tile,
            depth,
            whole ? (<usize>n) << 2 : NR * 4,
            p0 == 0 || !whole,
            zero,
          );
          if (!whole) spill(to, tile, min(MR, rows - i), min(NR, n - j), n, p0 == 0);
        }
    }
  }
}

/** B [depth, n] into panels of 8 columns: panel j holds its 8 values of row 0, of row 1, … */
function packColumns(to: usize, from: usize, depth: i32, n: i32): void {
  for (let j = 0; j < n; j += NR) {
    const columns = min(NR, n - j);
    let s = from + ((<usize>j) << 2);
    for (let p = 0; p < depth; p++) {
      if (columns == NR) {
        v128.store(to, v128.load(s));
        v128.store(to, v128.load(s, 16), 16);
      } else
        for (let v = 0; v < NR; v++)
          store<f32>(to + ((<usize>v) << 2), v < columns ? load<f32>(s + ((<usize>v) << 2)) : 0);
      to += NR * 4;
      s += (<usize>n) << 2;
    }
  }
}

/** A [rows, depth] of row length k into panels of 4 rows: panel i holds its 4 values of column 0, of column 1, … */
function packRows(to: usize, from: usize, rows: i32, depth: i32, k: i32): void {
  for (let i = 0; i < rows; i += MR)
    for (let r = 0; r < MR; r++) {
      let s = from + ((<usize>(i + r) * k) << 2);
      let t = to + ((<usize>i * depth + r) << 2);
      for (let p = 0; p < depth; p++) {
        store<f32>(t, i + r < rows ? load<f32>(s) : 0);
        s += 4;
        t += MR * 4;
      }
    }
}

function micro(pa: usize, pb: usize, c: usize, depth: i32, row: usize, first: bool, zero: f32): void {
  let c00 = f32x4.splat(zero);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let p = 0; p < depth; p++) {
    const b0 = v128.load(pb);
    const b1 = v128.load(pb, 16);
    let x = v128.load_splat<f32>(pa);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(pa, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(pa, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(pa, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    pa += MR * 4;
    pb += NR * 4;
  }
  if (!first) {
    const r1 = c + row;
    const r2 = r1 + row;
    const r3 = r2 + row;
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(r1));
    c11 = f32x4.add(c11, v128.load(r1, 16));
    c20 = f32x4.add(c20, v128.load(r2));
    c21 = f32x4.add(c21, v128.load(r2, 16));
    c30 = f32x4.add(c30, v128.load(r3));
    c31 = f32x4.add(c31, v128.load(r3, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += row;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += row;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += row;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/** The part of an edge tile that lies inside C. */
function spill(c: usize, tile: usize, rows: i32, columns: i32, n: i32, first: bool): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const to = c + ((<usize>i * n + j) << 2);
      const value = load<f32>(tile + ((<usize>i * NR + j) << 2));
      store<f32>(to, first ? value : load<f32>(to) + value);
    }
}
