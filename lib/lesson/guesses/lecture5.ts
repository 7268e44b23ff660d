// Guesses of lecture 5.
import type { Guess } from "../guess.js";

export const lecture5 = {} satisfies Record<string, Guess>;
