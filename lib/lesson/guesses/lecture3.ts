// Guesses of lecture 3.
import type { Guess } from "../guess.js";

export const lecture3 = {} satisfies Record<string, Guess>;
