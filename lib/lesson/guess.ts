// A reader's guess, locked before the cell that answers it, and laid over the answer there.
import { lookUp, shown } from "../check.js";
import { significant } from "../units.js";
import { guesses } from "./guesses/index.js";
import { printed } from "./numberVerdict.js";
import { say } from "./say.js";

/** What is to be guessed, and why it is what it is. */
export interface Guess {
  /** What is asked, as text. */
  readonly question: string;
  /** Of the number, as text; default none. */
  readonly unit?: string;
  /** What may be chosen, where it is no number. */
  readonly choices?: readonly string[];
  /** Relative error that still counts as right; default 0.1. */
  readonly tolerance?: number;
  /** Why it is so, from the answer: a clause that can follow "because". */
  readonly because: (actual: number | string) => string;
}

interface Locked {
  readonly value: number | string;
  readonly shown: boolean;
}

const locked = new Map<string, Locked>();
const find = (who: string, id: string): Guess => lookUp(who, "id", guesses, id);

/**
 * Asks the question of `id` and locks `value`, a number or one of the choices, until `reveal` lays it over the answer;
 * undefined is no guess yet. Once the answer was shown the guess stays.
 */
export function guess(id: string, value: number | string | undefined): void {
  const { question, choices, unit = "" } = find("guess", id);
  const before = locked.get(id);
  say("Guess.", choices ? `${question} (${choices.join(", ")})` : question);
  if (before?.shown) {
    say("Locked.", `The answer was shown, so your guess stays: ${withUnit(before.value, unit)}.`);
    return;
  }
  if (value === undefined) {
    locked.delete(id);
    say("Open.", "Replace undefined by your guess, and run this cell before you go on.");
    return;
  }
  const fits = choices ? choices.includes(value as string) : typeof value === "number" && Number.isFinite(value);
  if (!fits) {
    const must = choices ? `one of ${choices.map((choice) => shown(choice)).join(", ")}` : "a finite number";
    throw new RangeError(`guess: value must be ${must}, got ${shown(value)}`);
  }
  locked.set(id, { value, shown: false });
  say("Locked.", `Your guess is ${withUnit(value, unit)}.`);
}

/** Shows the answer of guess `id` with the reader's guess over it: how far off it was, and why. */
export function reveal(id: string, actual: number | string): void {
  const asked = find("reveal", id);
  const mine = locked.get(id);
  if (mine) locked.set(id, { ...mine, shown: true });
  say("Answer.", revealed(asked, actual, mine?.value));
}

/** What `reveal` prints: pure, for tests. */
export function revealed(asked: Guess, actual: number | string, mine: number | string | undefined): string {
  const { unit = "", tolerance = 0.1 } = asked;
  const because = `because ${asked.because(actual)}.`;
  const answer = withUnit(actual, unit);
  if (mine === undefined) return `It is ${answer}, ${because} (You made no guess.)`;
  if (typeof actual === "string" || typeof mine === "string")
    return mine === actual
      ? `You said ${mine}, and so it is: ${because}`
      : `You said ${mine}, it is ${answer}: ${because}`;
  const off = Math.abs(mine - actual);
  if (off <= tolerance * Math.abs(actual)) return `You said ${withUnit(mine, unit)}, and it is ${answer}: ${because}`;
  return `You said ${withUnit(mine, unit)}, it is ${answer}: ${distance(mine, actual, unit)}, ${because}`;
}

/** How far `mine` is from `actual`: as a factor where both are positive and far apart. */
function distance(mine: number, actual: number, unit: string): string {
  const factor = actual > 0 ? mine / actual : 1;
  if (factor >= 2) return `too large by a factor of ${significant(factor, 2)}`;
  if (factor > 0 && factor <= 0.5) return `too small by a factor of ${significant(1 / factor, 2)}`;
  return `off by ${withUnit(Math.abs(mine - actual), unit)}`;
}

const withUnit = (value: number | string, unit: string): string =>
  `${typeof value === "number" ? printed(value) : value}${unit && ` ${unit}`}`;
