// Answers of lecture 5, a second time: each by hand, from the sizes in the question, and as the figure is known.
import type { ByHand } from "./index.js";

export const lecture5: ByHand = {
  "permuted-stride": [224 * 320, 71_680],
  "bytes-per-useful-byte": [128 / 2, 64],
  "largest-tile": [Math.floor(Math.sqrt(8192)), 90],
  // 24 = 3 · 8 and 64 = 8 · 8: multiples of 24 leave multiples of 8.
  "sets-of-a-column": [64 / 8, 8],
  "least-padding": [64 / 4, 16],
  // Six save 234 ms, seven 273.
  "copy-that-pays": [7, 7],
  "lines-in-flight": [2000 / 64, 31.25],
  // Byte 8,256 is in line 129, two rounds of 64 sets and one more.
  "set-of-address": { of: { address: 8256, lineBytes: 64, sets: 64 }, gives: 1 },
  // Lines 0, 2, … 10 fall into sets 0 and 2 of 4, three into each: with two ways, every one of 18 accesses misses.
  "cache-misses": { of: { lines: 6, distance: 2, passes: 3, sets: 4, ways: 2 }, gives: 18 },
  "transpose-design": { fails: { tile: 16, padding: 0 }, because: /crowd into few sets/ },
};
