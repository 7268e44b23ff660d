// Judges a design that a reader made: what each choice is, and whether the goal is reached.
import { knownKeys, shown } from "../check.js";
import type { Design, DesignExercise } from "./exerciseKinds.js";

/** What `check` prints of a design: pure, for tests. */
export function designVerdict(exercise: DesignExercise, answer: unknown): string {
  const names = Object.keys(exercise.example);
  const form = `{ ${names.join(", ")} }`;
  if (answer === undefined || answer === null) return `no answer yet: replace undefined by ${form}.`;
  if (typeof answer !== "object" || Array.isArray(answer))
    return `the answer must be a record ${form}, got ${shown(answer)}.`;
  const design = answer as Partial<Design>;
  const open = names.filter((name) => design[name] === undefined);
  if (open.length > 0) return `no answer yet: choose ${open.join(", ")}.`;
  try {
    knownKeys("check", design, names);
    const { reached, says } = exercise.judge(design as Design);
    return `${reached ? "right" : "not yet"}: ${says}`;
  } catch (error) {
    return `not yet: ${error instanceof Error ? error.message : shown(error)}.`;
  }
}
