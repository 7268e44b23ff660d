// Runs a reader's function on random sizes beside a right one, and shows the smallest sizes on which they differ.
import { shown } from "../check.js";
import { generator } from "../comparing/random.js";
import type { FunctionExercise, Sizes } from "./exerciseKinds.js";
import { printed } from "./numberVerdict.js";
import { recordText } from "./recordText.js";

const draws = 200;

/** What `check` prints of a function: pure (the sizes are the same each time), for tests. */
export function functionVerdict(exercise: FunctionExercise, answer: unknown): string {
  if (answer === undefined || answer === null) return "no answer yet: replace undefined by your function.";
  if (typeof answer !== "function") return `the answer must be a function, got ${shown(answer)}.`;
  const given = answer as (sizes: Sizes) => unknown;
  const { reference, tolerance = 1e-9, mistakes = [] } = exercise;
  const all = drawn(exercise);
  let failing: Sizes | undefined;
  try {
    if (all.every((sizes) => given(sizes) === undefined))
      return "no answer yet: your function gives undefined; let it return a number.";
    failing = all.find((sizes) => !agrees(given(sizes), reference(sizes), tolerance));
  } catch (error) {
    const at = all.find((sizes) => throws(given, sizes));
    const message = error instanceof Error ? error.message : shown(error);
    return `not yet: your function throws on ${recordText(at!)}: ${message}.`;
  }
  if (failing === undefined) return `right: it agrees on ${draws} random shapes.`;
  const got = given(failing);
  const at = `${recordText(failing)} must give ${printed(reference(failing))}`;
  if (typeof got !== "number") return `not yet: your function must give a number: ${at}, got ${shown(got)}.`;
  const road = mistakes.find(({ value }) => all.every((sizes) => agrees(given(sizes), value(sizes), 1e-9)));
  return `not yet: ${at}, got ${printed(got)}.${road ? ` ${road.says}` : ""}`;
}

/** The sizes of an exercise, from the smallest: by the product of all. */
function drawn({ draw }: FunctionExercise): Sizes[] {
  const random = generator(20_261);
  const all = Array.from({ length: draws }, (_, i) => {
    const part = ((i + 1) / draws) ** 2;
    return draw((low, high) => low + Math.floor(random() * (Math.floor((high - low) * part) + 1)));
  });
  const size = (sizes: Sizes): number => Object.values(sizes).reduce((product, n) => product * Math.max(1, n), 1);
  return all.sort((a, b) => size(a) - size(b));
}

function agrees(got: unknown, right: number, tolerance: number): boolean {
  if (typeof got !== "number") return false;
  // A tolerance of what is infinite would take any number.
  return got === right || (Number.isFinite(right) && Math.abs(got - right) <= tolerance * Math.abs(right));
}

function throws(f: (sizes: Sizes) => unknown, sizes: Sizes): boolean {
  try {
    f(sizes);
    return false;
  } catch {
    return true;
  }
}
