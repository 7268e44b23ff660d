// Guesses of lecture 2.
import type { Guess } from "../guess.js";

export const lecture2 = {} satisfies Record<string, Guess>;
