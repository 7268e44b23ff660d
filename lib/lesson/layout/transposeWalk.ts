// A transposed copy as a walk: what is read and what is written, in turn.

/**
 * Byte addresses of y[j, i] = x[i, j] for a square of fp32, in tiles of `tile` by `tile`: a read and a write in turn.
 * Both matrices have `padding` values after each row, and y lies behind x.
 */
export function* transposeWalk(side: number, tile: number, padding = 0): Generator<number> {
  const row = 4 * (side + padding);
  for (let i0 = 0; i0 < side; i0 += tile)
    for (let j0 = 0; j0 < side; j0 += tile)
      for (let j = j0; j < Math.min(j0 + tile, side); j++)
        for (let i = i0; i < Math.min(i0 + tile, side); i++) {
          yield i * row + 4 * j;
          yield side * row + j * row + 4 * i;
        }
}
