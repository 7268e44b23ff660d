// The walks of wasm/layout.as.ts in plain JavaScript, argument for argument, on an array instead of an address: the
// reader sees where the language hides the effect.

/** Sum of `n` values of `x` from `at`, `stride` apart, `passes` times over; the last sum. */
export function strided(x: Float32Array, at: number, n: number, stride: number, passes = 1): number {
  let total = 0;
  for (let pass = 0; pass < passes; pass++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let p = at;
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      a += x[p]!;
      p += stride;
      b += x[p]!;
      p += stride;
      c += x[p]!;
      p += stride;
      d += x[p]!;
      p += stride;
    }
    for (; i < n; i++) {
      a += x[p]!;
      p += stride;
    }
    total = a + b + c + d;
  }
  return total;
}

/** Sum over a view of three dimensions in the order given. */
export function sum3(x: Float32Array, [n0, n1, n2]: readonly number[], [s0, s1, s2]: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < n0!; i++) for (let j = 0; j < n1!; j++) total += strided(x, i * s0! + j * s1!, n2!, s2!);
  return total;
}

/** y[j, i] = x[i, j], reading whole rows of x. */
export function transposeByRows(y: Float32Array, x: Float32Array, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) y[j * rows + i] = x[i * columns + j]!;
}

/** y[j, i] = x[i, j], writing whole rows of y. */
export function transposeByColumns(y: Float32Array, x: Float32Array, rows: number, columns: number): void {
  for (let j = 0; j < columns; j++) for (let i = 0; i < rows; i++) y[j * rows + i] = x[i * columns + j]!;
}

/** y[j, i] = x[i, j] in square tiles. */
export function transposeTiled(y: Float32Array, x: Float32Array, rows: number, columns: number, tile: number): void {
  for (let i0 = 0; i0 < rows; i0 += tile)
    for (let j0 = 0; j0 < columns; j0 += tile) {
      const iEnd = Math.min(i0 + tile, rows);
      const jEnd = Math.min(j0 + tile, columns);
      for (let j = j0; j < jEnd; j++) for (let i = i0; i < iEnd; i++) y[j * rows + i] = x[i * columns + j]!;
    }
}

/** How far each of three nested loops, outermost first, moves in c, a and b. */
export interface NestSteps {
  readonly sizes: readonly number[];
  readonly c: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** c += a·b as a nest of three loops; c is held in a variable when the innermost loop does not move it. */
export function nest(
  c: Float32Array,
  a: Float32Array,
  b: Float32Array,
  { sizes, c: [c0, c1, c2], a: [a0, a1, a2], b: [b0, b1, b2] }: NestSteps,
): void {
  const [n0, n1, n2] = sizes as [number, number, number];
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      let pc = i * c0! + j * c1!;
      let pa = i * a0! + j * a1!;
      let pb = i * b0! + j * b1!;
      if (c2 === 0) {
        let total = c[pc]!;
        for (let l = 0; l < n2; l++) {
          total += a[pa]! * b[pb]!;
          pa += a2!;
          pb += b2!;
        }
        c[pc] = total;
      } else
        for (let l = 0; l < n2; l++) {
          c[pc]! += a[pa]! * b[pb]!;
          pc += c2!;
          pa += a2!;
          pb += b2!;
        }
    }
}

/**
 * The six orders of the loops of C = A·B (A [m, k], B [k, n]), as names and steps. The innermost letter decides what
 * is read in a row.
 */
export function loopOrders({
  m,
  n,
  k,
}: {
  m: number;
  n: number;
  k: number;
}): Readonly<Record<"ijk" | "ikj" | "jik" | "jki" | "kij" | "kji", NestSteps>> {
  const loops = {
    i: { size: m, c: n, a: k, b: 0 },
    j: { size: n, c: 1, a: 0, b: 1 },
    k: { size: k, c: 0, a: 1, b: n },
  };
  const steps = (order: string): NestSteps => {
    const chosen = [...order].map((letter) => loops[letter as "i" | "j" | "k"]);
    return {
      sizes: chosen.map((l) => l.size),
      c: chosen.map((l) => l.c),
      a: chosen.map((l) => l.a),
      b: chosen.map((l) => l.b),
    };
  };
  return {
    ijk: steps("ijk"),
    ikj: steps("ikj"),
    jik: steps("jik"),
    jki: steps("jki"),
    kij: steps("kij"),
    kji: steps("kji"),
  };
}
