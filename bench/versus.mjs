// The table of a benchmark: each row is a ratio of speeds, paired by round; a row below its bar is followed by
// measurements that tell why.
import { compare } from "../lib/dist/index.js";

const width = 84;
const rounds = { rounds: 15, budgetSeconds: 8, sampleSeconds: 4e-3, maxSpread: Infinity, same: false };
export const number = (x) => (Number.isFinite(x) ? x.toFixed(2) : "-");

/** The line above the table. */
export const header = `${"".padEnd(width)}  ratio  quartiles     best  at least`;

const barText = (bar) => {
  if (bar === undefined) return "-";
  return Array.isArray(bar) ? bar.map(number).join(" … ") : number(bar);
};

/** Whether a ratio keeps its bar: a least value, a range, or none. */
function keeps(ratio, bar) {
  if (bar === undefined) return true;
  const [low, high] = Array.isArray(bar) ? bar : [bar, Infinity];
  return ratio >= low && ratio <= high;
}

/**
 * Prints a row; then, where the ratio misses its bar, what `why` prints. `best` is the ratio of the two shortest times:
 * what a busy machine disturbs least.
 */
export async function row(what, { ratio = NaN, interval, best = NaN, bar, note, discarded = 0, why }) {
  const quartiles = interval ? interval.map(number).join(" … ") : "";
  const left = discarded ? `(${discarded} disturbed rounds left out)` : "";
  console.log(
    [
      what.padEnd(width),
      number(ratio).padStart(6),
      "",
      quartiles.padEnd(11),
      "",
      number(best).padStart(5),
      "",
      note ?? barText(bar),
      "",
      left,
    ]
      .join(" ")
      .trimEnd(),
  );
  if (why && !keeps(Number.isFinite(ratio) ? ratio : best, bar)) await why();
}

/** Prints each candidate's speed over the anchor's, times `scale`; with `inverse`, its time over the anchor's. */
export async function versus(anchor, candidates, { bar, scale = 1, inverse = false, why } = {}) {
  const { rows, discarded } = await compare({ anchor, ...candidates }, rounds);
  const turn = (x) => (inverse ? scale / x : scale * x);
  for (const { name, speedup = NaN, interval, best } of rows.slice(1)) {
    const sorted = interval && [turn(interval[0]), turn(interval[1])].sort((a, b) => a - b);
    await row(name, { ratio: turn(speedup), interval: sorted, best: turn(rows[0].best / best), bar, discarded, why });
  }
}

/** A `why` for rows of `versus`: other work against the same anchor, by what it says. */
export const because = (anchor, candidates, options) => () =>
  versus(
    anchor,
    Object.fromEntries(Object.entries(candidates).map(([name, work]) => [`  why: ${name}`, work])),
    options,
  );

/** Which of `widths` makes `run(bits)` fastest: the best of a few rounds in turn. */
export async function fastest(widths, run) {
  const { rows } = await compare(Object.fromEntries(widths.map((bits) => [bits, () => run(bits)])), {
    ...rounds,
    rounds: 7,
    budgetSeconds: 4,
  });
  return Number(rows.reduce((a, b) => (b.best < a.best ? b : a)).name);
}
