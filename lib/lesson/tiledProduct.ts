// A product of two square matrices by tiles: which tile is fetched when, with room for one tile of each matrix.
import { divides, positiveIntegers } from "../check.js";

/** One step: tile (row, depth) of A times tile (depth, column) of B, added to tile (row, column) of C. */
export interface TileStep {
  /** Row of tiles, of A and of C. */
  readonly row: number;
  /** Column of tiles, of B and of C. */
  readonly column: number;
  /** Column of tiles of A, row of tiles of B. */
  readonly depth: number;
  /** Whether the tile of A is not the one that is held, and must be fetched. */
  readonly fetchesA: boolean;
  /** Whether the tile of B must be fetched. */
  readonly fetchesB: boolean;
}

/** What a product by tiles comes to. */
export interface TiledProduct {
  /** Rows and columns of a tile. */
  readonly tile: number;
  /** Multiply-adds. */
  readonly macs: number;
  /** Bytes of the three tiles that are held. */
  readonly held: number;
  /** Bytes fetched and written. */
  readonly moved: number;
  /** Bytes of A, B and C, once each. */
  readonly compulsory: number;
}

/** Sizes of a product by tiles. */
export interface TiledShape {
  /** Rows and columns of each matrix. */
  size: number;
  /** Rows and columns of a tile; it divides `size`. */
  tile: number;
  /** Bytes of a number; default 4. */
  elementBytes?: number;
}

/** The steps one after another: tiles of C by rows, and for each the sum over the depth. */
export function* tileSteps({ size, tile }: TiledShape): Generator<TileStep> {
  positiveIntegers("tileSteps", { size, tile });
  divides("tileSteps", "tile", tile, "size", size);
  const count = size / tile;
  let [heldA, heldB] = [-1, -1];
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      for (let depth = 0; depth < count; depth++) {
        const [a, b] = [row * count + depth, depth * count + column];
        yield { row, column, depth, fetchesA: a !== heldA, fetchesB: b !== heldB };
        [heldA, heldB] = [a, b];
      }
}

/** The multiply-adds and bytes of the steps, counted one by one; a tile of C is written once, when its sum is done. */
export function tiledProduct({ size, tile, elementBytes = 4 }: TiledShape): TiledProduct {
  positiveIntegers("tiledProduct", { elementBytes });
  let [steps, fetched] = [0, 0];
  for (const { fetchesA, fetchesB } of tileSteps({ size, tile })) {
    steps += 1;
    fetched += Number(fetchesA) + Number(fetchesB);
  }
  return {
    tile,
    macs: steps * tile ** 3,
    held: 3 * tile ** 2 * elementBytes,
    moved: (fetched * tile ** 2 + size ** 2) * elementBytes,
    compulsory: 3 * size ** 2 * elementBytes,
  };
}
