// Guesses of lecture 4.
import type { Guess } from "../guess.js";

export const lecture4 = {} satisfies Record<string, Guess>;
