// Says what a wrong number looks like: first the exercise's own wrong roads, then errors of units and of factors.
import { shown } from "../check.js";
import { si, significant, grouped } from "../units.js";
import type { NumberExercise } from "./exerciseKinds.js";

/** What `check` prints of a number: pure, for tests. */
export function numberVerdict(exercise: NumberExercise, answer: unknown): string {
  const { answer: expected, tolerance = 0.005, unit = "", mistakes = [] } = exercise;
  if (
    answer === undefined ||
    answer === null ||
    Number.isNaN(answer) ||
    (typeof answer === "string" && /^\W*(todo\W*)?$/i.test(answer))
  )
    return `no answer yet: replace ${typeof answer === "string" ? shown(answer) : "undefined"} by your number.`;
  if (typeof answer !== "number") return `the answer must be a number, got ${shown(answer)}.`;
  const right = expected();
  const ratio = answer / right;
  const near = (r: number, t = Math.max(tolerance, 0.002)): boolean => Math.abs(r - 1) <= t;
  if (tolerance === 0 ? answer === right : near(ratio, tolerance))
    return `right: ${printed(right)}${unit && ` ${unit}`}.`;
  const taken = mistakes.find(({ value }) => near(answer / value()));
  return `not yet: ${taken?.says ?? factorOf(ratio, near)}`;
}

function factorOf(ratio: number, near: (r: number) => boolean): string {
  const known: [number, string][] = [
    [
      2,
      "twice the right answer. Did you count a multiply-add as two where one is asked for, " +
        "or 4 bytes where there are 2?",
    ],
    [0.5, "half the right answer. Did you count a multiply-add as one where two are asked for?"],
    [100, "a hundred times the right answer. A share, or a percentage?"],
    [0.01, "a hundredth of the right answer. A share, or a percentage?"],
    [1000, "a thousand times the right answer. Check the prefix."],
    [1e-3, "a thousandth of the right answer. Check the prefix."],
    [1e6, "a million times the right answer. Check the prefix."],
    [1e-6, "a millionth of the right answer. Check the prefix."],
    [1e9, "1e9 times the right answer. Check the prefix."],
    [1e-9, "1e-9 of the right answer. Check the prefix."],
    [1024 / 1000, "off by 1024/1000. KiB or kB?"],
    [1000 / 1024, "off by 1000/1024. kB or KiB?"],
    [1024 ** 2 / 1e6, "off by 1024²/1000². MiB or MB?"],
    [1e6 / 1024 ** 2, "off by 1000²/1024². MB or MiB?"],
    [8, "eight times the right answer. Bits or bytes?"],
    [1 / 8, "an eighth of the right answer. Bytes or bits?"],
    [4, "four times the right answer. Elements or bytes?"],
    [0.25, "a quarter of the right answer. Bytes or elements?"],
    [-1, "the right size with the wrong sign."],
  ];
  for (const [factor, text] of known) if (near(ratio / factor)) return text;
  if (!Number.isFinite(ratio) || ratio <= 0) return "the right answer is positive and finite.";
  if (Math.abs(Math.log10(ratio)) < 0.1)
    return "close, but not there. Look for a term that you left out, or counted twice.";
  if (ratio > 1) return `too large, by a factor of ${significant(ratio, 2)}.`;
  return `too small, by a factor of ${significant(1 / ratio, 2)}.`;
}

/** A number as verdicts and solutions print it. */
export function printed(n: number): string {
  if (!Number.isInteger(n)) return significant(n, 4);
  return Math.abs(n) >= 1e6 ? `${grouped(n)} (${si(n)})` : grouped(n);
}
