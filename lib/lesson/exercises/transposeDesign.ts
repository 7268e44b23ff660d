// A design of lecture 5: tiles and padding of a transposed copy, judged by the cache model.
import { shown } from "../../check.js";
import { misses } from "../../tensor/cacheModel.js";
import { cacheModel } from "../../tensor/index.js";
import { significant } from "../../units.js";
import { transposeWalk } from "../layout/transposeWalk.js";
import type { Design, DesignExercise } from "../exerciseKinds.js";

const side = 512;
const cache = cacheModel({ lineBytes: 64, sets: 64, ways: 8 });
const goal = { lines: 1.1, memory: 0.05 };

function judge({ tile, padding }: Design): { reached: boolean; says: string } {
  const whole = (name: string, value: unknown, low: number, high: number): number => {
    if (Number.isInteger(value) && Number(value) >= low && Number(value) <= high) return Number(value);
    throw new RangeError(`${name} must be an integer from ${low} to ${high}, got ${shown(value)}`);
  };
  const [edge, extra] = [whole("tile", tile, 1, side), whole("padding", padding, 0, side)];
  const lines = misses(transposeWalk(side, edge, extra), cache) / ((2 * side * side * 4) / cache.lineBytes);
  const memory = extra / side;
  const [fetched, more] = [significant(lines, 3), significant(100 * memory, 2)];
  const figures = `each line is fetched ${fetched} times, for ${more} % more memory`;
  if (memory > goal.memory) return { reached: false, says: `${figures}: that is too much memory.` };
  if (lines <= goal.lines) return { reached: true, says: `${figures}.` };
  return { reached: false, says: `${figures}: ${why(edge, extra)}.` };
}

/** What is wrong with a design that fetches too much. */
function why(tile: number, padding: number): string {
  const held = (2 * tile * tile * 4) / (cache.sets * cache.ways * cache.lineBytes);
  if (held >= 1) return "two such tiles fill the cache or more, so lines leave before they are used whole";
  if (tile < cache.lineBytes / 4) return "the tile is narrower than a line, so a line comes once for each of its parts";
  if ((4 * (side + padding)) % 512 === 0)
    return "a row is a multiple of 512 bytes, so the lines of a tile crowd into few sets";
  return "the tile's edges do not fall on the edges of lines";
}

export const transposeDesign: DesignExercise = {
  question:
    "A 512 × 512 fp32 matrix is copied into its transpose through a cache of 64 sets of 8 ways with lines of 64 " +
    "bytes. Choose { tile, padding }, the side of a square tile and the fp32 after each row, so that each line is " +
    "fetched at most 1.1 times on average, for at most 5 % more memory.",
  example: { tile: 16, padding: 16 },
  judge,
  hints: [
    "Two tiles must fit, and a tile should use whole lines: 16 fp32.",
    "Rows of 512 fp32 fall into two sets. What did a line of padding do to a column?",
  ],
  solution: "A tile of one line's width, and one line of padding a row.",
};
