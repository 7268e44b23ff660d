// Guesses of lecture 1.
import type { Guess } from "../guess.js";

export const lecture1 = {} satisfies Record<string, Guess>;
