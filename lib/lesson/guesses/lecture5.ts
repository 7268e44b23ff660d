// Guesses of lecture 5.
import type { Guess } from "../guess.js";

export const lecture5 = {
  "transpose-copies": {
    question: "How many MiB does x.transpose(1, 2) copy, of a tensor that holds 48?",
    unit: "MiB",
    because: () => "the view has the same buffer, and only its strides are exchanged",
  },
  "view-in-memory-order": {
    question:
      "A sum may add in any order. Reading the view in the order of memory takes how many times the copy's time?",
    unit: "times",
    tolerance: 0.15,
    because: (ratio) =>
      Math.abs(Number(ratio) - 1) <= 0.15
        ? "both walks meet one address after the other"
        : "on this run the two walks differ, though each meets one address after the other",
  },
  "copy-pays": {
    question: "Making the copy took 54 ms, and it saves 0.27 ms for each sum. After how many sums has it paid?",
    unit: "sums",
    because: () => "what is saved each time must first add up to what the copy took",
  },
  "column-misses": {
    question:
      "128 fp32 in rows of 16, read down the columns; a cache of four lines of 64 bytes. How many accesses miss?",
    unit: "misses",
    because: () =>
      "a column touches all eight lines before it comes back to the first, and four lines have lost that one by then",
  },
  "stride-32": {
    question: "A walk reads every 32nd fp32. How many bytes does the cache fetch for each byte that is used?",
    unit: "bytes",
    because: () => "a line is all that one access fetches: 64 bytes for 4, however long the step",
  },
  "row-of-512": {
    question: "A column of a matrix whose rows hold 512 fp32: into how many of the 64 sets do its addresses fall?",
    unit: "sets",
    because: () => "a row is 32 lines, so the addresses are multiples of 32 lines, and 64 sets have two of those",
  },
  "fastest-loops": {
    question: "Which order of a matrix product's loops is the fastest in WebAssembly?",
    choices: ["ijk", "ikj", "jki"],
    because: (order) =>
      ({
        ijk: "here the sum that stays in a register weighs more than the column of B",
        ikj: "its innermost loop walks along a row of B and along a row of C",
        jki: "on this machine the two columns that its innermost loop walks down cost less than the rows of the others",
      })[order as "ijk" | "ikj" | "jki"],
  },
  "counters-apart": {
    question: "Two threads, a counter each. How many bytes must the counters be apart to be fast?",
    choices: ["4", "16", "32", "64", "128", "256"],
    because: (distance) => `${distance} bytes is the least distance whose time is within a quarter of the best`,
  },
} satisfies Record<string, Guess>;
