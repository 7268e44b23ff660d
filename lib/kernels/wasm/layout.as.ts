// Walks whose only difference is the order in which they touch memory. Scalar on purpose: a vector load would need the
// order to be dense.

/**
 * Sum of n values at a stride, both counted in values, repeated `rep` times; four chains hide the latency of the adds.
 */
export function strided(x: usize, n: i32, stride: i32, rep: i32): f32 {
  let total: f32 = 0;
  const s = (<usize>stride) << 2;
  const whole = n & ~3;
  for (let r = 0; r < rep; r++) {
    let p = x;
    let a: f32 = 0;
    let b: f32 = 0;
    let c: f32 = 0;
    let d: f32 = 0;
    let i = 0;
    for (; i < whole; i += 4) {
      a += load<f32>(p);
      p += s;
      b += load<f32>(p);
      p += s;
      c += load<f32>(p);
      p += s;
      d += load<f32>(p);
      p += s;
    }
    for (; i < n; i++) {
      a += load<f32>(p);
      p += s;
    }
    total = a + b + c + d;
  }
  return total;
}

/** Sum over a view of three dimensions in the order given: sizes n0 n1 n2 and strides in values. */
export function sum3(x: usize, n0: i32, n1: i32, n2: i32, s0: i32, s1: i32, s2: i32): f32 {
  let total: f32 = 0;
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) total += strided(x + ((<usize>(i * s0 + j * s1)) << 2), n2, s2, 1);
  return total;
}

/** y[j, i] = x[i, j], reading whole rows of x. */
export function transposeByRows(y: usize, x: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      store<f32>(y + ((<usize>j * rows + i) << 2), load<f32>(x + ((<usize>i * columns + j) << 2)));
}

/** y[j, i] = x[i, j], writing whole rows of y. */
export function transposeByColumns(y: usize, x: usize, rows: i32, columns: i32): void {
  for (let j = 0; j < columns; j++)
    for (let i = 0; i < rows; i++)
      store<f32>(y + ((<usize>j * rows + i) << 2), load<f32>(x + ((<usize>i * columns + j) << 2)));
}

/** y[j, i] = x[i, j] in square tiles, each of which stays in the first cache. */
export function transposeTiled(y: usize, x: usize, rows: i32, columns: i32, tile: i32): void {
  for (let i0 = 0; i0 < rows; i0 += tile)
    for (let j0 = 0; j0 < columns; j0 += tile) {
      const iEnd = min(i0 + tile, rows);
      const jEnd = min(j0 + tile, columns);
      for (let j = j0; j < jEnd; j++)
        for (let i = i0; i < iEnd; i++)
          store<f32>(y + ((<usize>j * rows + i) << 2), load<f32>(x + ((<usize>i * columns + j) << 2)));
    }
}

/** y[j, i] = x[i, j] in square tiles, four by four values turned in registers; what is left over is scalar. */
export function transposeSimd(y: usize, x: usize, rows: i32, columns: i32, tile: i32): void {
  const across = (<usize>columns) << 2;
  const down = (<usize>rows) << 2;
  for (let i0 = 0; i0 < rows; i0 += tile)
    for (let j0 = 0; j0 < columns; j0 += tile) {
      const iEnd = min(i0 + tile, rows);
      const jEnd = min(j0 + tile, columns);
      for (let j = j0; j < jEnd; j += 4)
        for (let i = i0; i < iEnd; i += 4) {
          const s = x + ((<usize>i * columns + j) << 2);
          const t = y + ((<usize>j * rows + i) << 2);
          if (i + 4 > iEnd || j + 4 > jEnd) {
            for (let v = 0; v < min(4, jEnd - j); v++)
              for (let u = 0; u < min(4, iEnd - i); u++)
                store<f32>(
                  t + <usize>v * down + ((<usize>u) << 2),
                  load<f32>(s + <usize>u * across + ((<usize>v) << 2)),
                );
            continue;
          }
          const a = v128.load(s);
          const b = v128.load(s + across);
          const c = v128.load(s + 2 * across);
          const d = v128.load(s + 3 * across);
          const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
          const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
          const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
          const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
          v128.store(t, v128.shuffle<f64>(ab0, cd0, 0, 2));
          v128.store(t + down, v128.shuffle<f64>(ab0, cd0, 1, 3));
          v128.store(t + 2 * down, v128.shuffle<f64>(ab1, cd1, 0, 2));
          v128.store(t + 3 * down, v128.shuffle<f64>(ab1, cd1, 1, 3));
        }
    }
}

/**
 * c += a·b as a nest of three loops, outermost first: sizes n0 n1 n2 and, per loop, how far it moves in c, a and b (in
 * values). The six orders of a matmul are six ways to call it. c is held in a register when the innermost loop does not
 * move it.
 */
export function nest(
  c: usize,
  a: usize,
  b: usize,
  n0: i32,
  n1: i32,
  n2: i32,
  c0: i32,
  c1: i32,
  c2: i32,
  a0: i32,
  a1: i32,
  a2: i32,
  b0: i32,
  b1: i32,
  b2: i32,
): void {
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      let pc = c + ((<usize>(i * c0 + j * c1)) << 2);
      let pa = a + ((<usize>(i * a0 + j * a1)) << 2);
      let pb = b + ((<usize>(i * b0 + j * b1)) << 2);
      if (c2 == 0) {
        let total = load<f32>(pc);
        for (let l = 0; l < n2; l++) {
          total += load<f32>(pa) * load<f32>(pb);
          pa += (<usize>a2) << 2;
          pb += (<usize>b2) << 2;
        }
        store<f32>(pc, total);
      } else
        for (let l = 0; l < n2; l++) {
          store<f32>(pc, load<f32>(pc) + load<f32>(pa) * load<f32>(pb));
          pc += (<usize>c2) << 2;
          pa += (<usize>a2) << 2;
          pb += (<usize>b2) << 2;
        }
    }
}

/**
 * Adds 1 to a counter in memory `steps` times, each time as one atomic operation: two workers on one cache line hinder
 * each other.
 */
export function count(counter: usize, steps: i32): i32 {
  for (let i = 0; i < steps; i++) atomic.add<i32>(counter, 1);
  return atomic.load<i32>(counter);
}
