// Exercises: a question, an answer that the library computes, hints, a solution. Everything offline; what a check
// prints goes to stdout.
import { lookUp, shown } from "../check.js";
import { si, significant, grouped } from "../units.js";
import { display, lessonHost } from "./display.js";
import { exercises } from "./exercises/index.js";
import { escapeHtml } from "../text/escape.js";

/** A question with an answer that the library computes. */
export interface Exercise {
  /** What is asked, as text. */
  readonly question: string;
  /** The right number, computed when it is asked for. */
  readonly answer: () => number;
  /** Relative error that still counts as right; default 0.005. 0 asks for the exact number. */
  readonly tolerance?: number;
  /** Of the answer, as text; default none. */
  readonly unit?: string;
  /** From the first to the one that gives most away. */
  readonly hints: readonly string[];
  /** How the answer comes about, as text. */
  readonly solution: string;
}

const bank: Record<string, Exercise> = { ...exercises };
const hinted = new Map<string, number>();

const find = (who: string, id: string): Exercise => lookUp(who, "id", bank, id);

function say(title: string, body: string): void {
  display({
    "text/html": `<p><strong>${escapeHtml(title)}</strong> ${escapeHtml(body)}</p>`,
    "text/plain": `${title} ${body}`,
  });
}

/** Shows the question of exercise `id`; with `spec`, first adds it to the bank (a teacher's own). */
export function exercise(id: string, spec?: Exercise): void {
  if (spec) bank[id] = spec;
  say(`Exercise ${id}.`, find("exercise", id).question);
}

/**
 * Compares `answer` with the exercise's and says, in one sentence, whether it is right, or what kind of error it looks
 * like. An unfilled answer is no error.
 */
export function check(id: string, answer: unknown): void {
  const said = verdict(find("check", id), answer);
  say(`${id}:`, said);
  lessonHost()?.checked?.(id, said.startsWith("right:"));
}

/** What `check` prints: pure, for tests. */
export function verdict({ answer: expected, tolerance = 0.005, unit = "" }: Exercise, answer: unknown): string {
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
  const near = (r: number, t = Math.max(tolerance, 0.002)) => Math.abs(r - 1) <= t;
  if (tolerance === 0 ? answer === right : near(ratio, tolerance))
    return `right: ${print(right)}${unit && ` ${unit}`}.`;
  return `not yet: ${mistake(ratio, near)}`;
}

function mistake(ratio: number, near: (r: number) => boolean): string {
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

/** The next hint of exercise `id`; after the last one it starts again. `n` picks one, from 1. */
export function hint(id: string, n?: number): void {
  const { hints } = find("hint", id);
  const i = n ?? ((hinted.get(id) ?? 0) % hints.length) + 1;
  if (!Number.isInteger(i) || i < 1 || i > hints.length)
    throw new RangeError(`hint: n must be from 1 to ${hints.length}, got ${shown(n)}`);
  hinted.set(id, i);
  say(`Hint ${i} of ${hints.length}.`, hints[i - 1]!);
}

/** The solution of exercise `id`, with its answer. */
export function solution(id: string): void {
  const e = find("solution", id);
  say("Solution.", `${e.solution} Answer: ${print(e.answer())}${e.unit ? ` ${e.unit}` : ""}.`);
}

function print(n: number): string {
  if (!Number.isInteger(n)) return significant(n, 4);
  return Math.abs(n) >= 1e6 ? `${grouped(n)} (${si(n)})` : grouped(n);
}
