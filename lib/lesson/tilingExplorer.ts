// A matrix product that streams tiles through a cache: which tile is read when, and how many bytes that moves.
import { horizontalBarChart, matmulTilesChart, type MatmulCell } from "../charts/index.js";
import { grouped, significant } from "../units.js";
import type { ExplorableState } from "./controls.js";
import { explorable, type Explorable } from "./explorable.js";
import type { ExplorableView } from "./shown.js";
import { tiledProduct, tileSteps, type TiledProduct, type TileStep } from "./tiledProduct.js";

/** Rows and columns of each matrix. */
const size = 8;
const tiles = [1, 2, 4, 8];

/** What one state comes to. */
export interface TilingFigures {
  /** Every step of the product. */
  readonly steps: readonly TileStep[];
  /** The step that is shown. */
  readonly at: number;
  /** What all steps come to. */
  readonly total: TiledProduct;
}

/** The steps at the state's tile, and the one that lies `way` per cent along. */
export function tilingFigures(state: ExplorableState): TilingFigures {
  const tile = Number(state["tile"]);
  const steps = [...tileSteps({ size, tile })];
  return {
    steps,
    at: Math.round(((steps.length - 1) * Number(state["way"])) / 100),
    total: tiledProduct({ size, tile }),
  };
}

/**
 * C = A B of 8 × 8, with a cache that holds one tile of each matrix: the tiles in it at one step, what was read before,
 * and the bytes by size of the tile. In a live page the product runs by itself.
 */
export function tilingExplorer(): Explorable {
  return explorable({
    title: "A matrix product, tile by tile through a cache",
    controls: [
      { name: "tile", label: "Tile", values: tiles, start: 1 },
      {
        name: "way",
        label: "Step, % of the way",
        values: Array.from({ length: 51 }, (_, i) => 2 * i),
        start: 20,
        states: [0, 40, 100],
        play: true,
      },
    ],
    draw: viewed,
  });
}

const inCache = ["tile of A", "tile of B", "tile of C"];
const families = [...inCache, "C is done"];

function viewed(state: ExplorableState): ExplorableView {
  const { steps, at, total } = tilingFigures(state);
  const moved = tiles.map((tile) => tiledProduct({ size, tile }));
  const ratio = total.moved / total.compulsory;
  return {
    charts: [
      matmulTilesChart(cellsAt(steps[at]!, total.tile), {
        title: `Step ${at + 1} of ${steps.length}, tiles of ${total.tile} × ${total.tile}`,
        families,
        width: 340,
        height: 400,
      }),
      horizontalBarChart(
        moved.map(({ tile, moved }) => ({ name: `${tile} × ${tile}`, value: moved })),
        {
          title: "Bytes moved, by tile",
          x: "Bytes",
          rules: [{ value: total.compulsory, label: "A, B and C once" }],
          width: 370,
          height: 400,
        },
      ),
    ],
    sentence:
      `With tiles of ${total.tile} × ${total.tile} the cache holds ${grouped(total.held)} bytes, and ` +
      `${grouped(total.moved)} move: ${significant(ratio, 3)} times A, B and C. It is ${grouped(total.macs)} ` +
      `multiply-adds with any tile.`,
  };
}

/** All elements of the three matrices, and which of them are in the cache at `step`. */
function cellsAt(step: TileStep, tile: number): MatmulCell[] {
  const tileOf = (element: number): number => Math.floor(element / tile);
  const done = (row: number, column: number): boolean => row < step.row || (row === step.row && column < step.column);
  return Array.from({ length: size ** 2 }, (_, i) => [Math.floor(i / size), i % size] as const).flatMap(
    ([row, column]): MatmulCell[] => {
      const [r, c] = [tileOf(row), tileOf(column)];
      const ofC = r === step.row && c === step.column ? inCache[2] : done(r, c) ? families[3] : undefined;
      return [
        cell("A", row, column, r === step.row && c === step.depth ? inCache[0] : undefined),
        cell("B", row, column, r === step.depth && c === step.column ? inCache[1] : undefined),
        cell("C", row, column, ofC),
      ];
    },
  );
}

const cell = (matrix: MatmulCell["matrix"], row: number, column: number, family?: string): MatmulCell => ({
  matrix,
  row,
  column,
  ...(family === undefined ? {} : { family }),
});
