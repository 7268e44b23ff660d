// Sentences about results, bound to the results: a lecture says what its figures show, on the machine that it runs on.
import { lookUp } from "../check.js";
import { findings } from "./findings/index.js";
import type { Provenance } from "./recordedRun.js";
import { say } from "./say.js";

/** A sentence about a result, with the condition under which it holds. */
export interface Finding<Result> {
  /** Whether the sentence is true of this result. */
  readonly holds: (result: Result) => boolean;
  /** The sentence, from the figures. */
  readonly says: (result: Result) => string;
  /** What the figures show where it does not hold. */
  readonly otherwise: (result: Result) => string;
}

/**
 * Says below the cell what `result` shows, by the finding `id`: of which machine, and, where the figures of a live run
 * do not bear the sentence out, what was found instead, with the recorded run of which it holds.
 */
export function finding<Result extends object>(id: string, result: Result & Partial<Provenance>): void {
  say("Finding.", findingText(lookUp("finding", "id", findings, id) as Finding<object>, result));
}

/** What `finding` prints: pure, for tests. */
export function findingText<Result extends object>(
  { holds, says, otherwise }: Finding<Result>,
  result: Result & Partial<Provenance>,
): string {
  const here = holds(result);
  const said = here ? says(result) : otherwise(result);
  if (result.origin === undefined) return said;
  const text = `${said} (${result.origin}.)`;
  const beside = result.beside;
  if (here || beside === undefined || !holds(beside.result as Result)) return text;
  const recorded = `${says(beside.result as Result)} (${beside.machine}, ${beside.date}.)`;
  return `${text} On a recorded run it is otherwise: ${recorded}`;
}
