// Exercises: what a cell calls. Everything offline; what a check prints goes below the cell.
import { lookUp, shown } from "../check.js";
import { designVerdict } from "./designVerdict.js";
import { lessonHost } from "./display.js";
import type { Exercise } from "./exerciseKinds.js";
import { exercises } from "./exercises/index.js";
import { functionVerdict } from "./functionVerdict.js";
import { numberVerdict, printed } from "./numberVerdict.js";
import { recordText } from "./recordText.js";
import { say } from "./say.js";

const bank: Record<string, Exercise> = { ...exercises };
const hinted = new Map<string, number>();

const find = (who: string, id: string): Exercise => lookUp(who, "id", bank, id);

/** Shows the question of exercise `id`; with `spec`, first adds it to the bank (a teacher's own). */
export function exercise(id: string, spec?: Exercise): void {
  if (spec) bank[id] = spec;
  say(`Exercise ${id}.`, find("exercise", id).question);
}

/**
 * Compares `answer` (a number, a function or a design) with the exercise's and says, in one sentence, whether it is
 * right, or which wrong road was taken. An unfilled answer is no error.
 */
export function check(id: string, answer: unknown): void {
  const said = verdict(find("check", id), answer);
  say(`${id}:`, said);
  lessonHost()?.checked?.(id, said.startsWith("right:"));
}

/** What `check` prints: pure, for tests. */
export function verdict(exercise: Exercise, answer: unknown): string {
  if ("reference" in exercise) return functionVerdict(exercise, answer);
  if ("judge" in exercise) return designVerdict(exercise, answer);
  return numberVerdict(exercise, answer);
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
  say("Solution.", solutionText(find("solution", id)));
}

function solutionText(exercise: Exercise): string {
  if ("reference" in exercise) return exercise.solution;
  if ("judge" in exercise) return `${exercise.solution} For one: ${recordText(exercise.example)}.`;
  const { answer, solution, unit } = exercise;
  return `${solution} Answer: ${printed(answer())}${unit ? ` ${unit}` : ""}.`;
}
