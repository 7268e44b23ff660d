// Findings of lecture 3's measured part.
import type { Ladder, Machine, PlacedPoints, PlacedRow } from "../../measure/index.js";
import { si, significant } from "../../units.js";
import type { Finding } from "../finding.js";

const share = (n: number): string => significant(n, 3);

/** A kernel may be faster than its bound by what a repeated measurement differs by; more is a wrong formula. */
const noise = 0.03;

const extremes = (rows: readonly PlacedRow[]): readonly [PlacedRow, PlacedRow] => {
  const sorted = [...rows].sort((a, b) => a.ratio - b.ratio);
  return [sorted[0]!, sorted.at(-1)!];
};

function beaten(rows: readonly PlacedRow[]): string {
  const above = rows.filter(({ ratio }) => ratio > 1).sort((a, b) => b.ratio - a.ratio);
  const names = above.map(({ name, ratio }) => `${name} (${share(ratio)})`).join(", ");
  const why =
    above[0]!.ratio <= 1 + noise
      ? "That is within what two measurements of one roof differ by"
      : "That is more than two measurements of one roof should differ by: a roof was measured in a disturbed moment";
  return `Of ${rows.length} kernels ${above.length} came out above the bound: ${names}. ${why}.`;
}

/** A rung's gain over the one before it. */
const steps = ({ rows }: Ladder): { from: string; to: string; gain: number }[] =>
  rows.slice(1).map((row, i) => ({ from: rows[i]!.name, to: row.name, gain: rows[i]!.seconds / row.seconds }));

export const measured = {
  "engines-in-order": {
    holds: ({ oneThread: { roofs } }) =>
      roofs.javascript !== undefined && roofs.wasm !== undefined && roofs.wasm > roofs.javascript,
    says: ({ oneThread: { roofs } }) =>
      `On one thread WebAssembly's vectors compute ${significant(roofs.wasm! / roofs.javascript!, 2)} times what ` +
      `plain JavaScript does` +
      (roofs.native === undefined ? "." : `, native code ${significant(roofs.native / roofs.javascript!, 2)} times.`),
    otherwise: ({ oneThread: { roofs } }) =>
      `Here WebAssembly computes no more than JavaScript: ${Object.entries(roofs)
        .map(([engine, peak]) => `${engine} ${si(peak, "FLOP/s")}`)
        .join(", ")}.`,
  } satisfies Finding<Pick<Machine, "oneThread">>,

  "under-their-roofs": {
    holds: ({ rows }) => rows.length > 0 && rows.every(({ ratio }) => ratio <= 1),
    says: ({ rows }) => {
      const [least, most] = extremes(rows);
      return (
        `None of ${rows.length} kernels lies above its bound. Nearest to it is ${most.name}, at ` +
        `${share(most.ratio)} of what the roofline allows, farthest ${least.name}, at ${share(least.ratio)}.`
      );
    },
    otherwise: ({ rows }) => (rows.length === 0 ? "No kernel was measured here." : beaten(rows)),
  } satisfies Finding<Pick<PlacedPoints, "rows">>,

  climbed: {
    holds: ({ rows }) => rows.length > 1 && rows.at(-1)!.seconds < rows[0]!.seconds,
    says: (ladder) => {
      const { rows } = ladder;
      const best = steps(ladder).reduce((a, b) => (b.gain > a.gain ? b : a));
      const slower = steps(ladder).filter(({ gain }) => gain < 1);
      return (
        `The last rung is ${significant(rows[0]!.seconds / rows.at(-1)!.seconds, 3)} times as fast as the first. The ` +
        `largest step, a factor of ${significant(best.gain, 2)}, leads from ${best.from} to ${best.to}.` +
        slower.map(({ from, to, gain }) => ` ${to} is no faster than ${from} here (${share(gain)}).`).join("")
      );
    },
    otherwise: ({ rows }) =>
      rows.length > 1 ? "The last rung is no faster than the first here." : "There is no ladder here.",
  } satisfies Finding<Ladder>,
};
