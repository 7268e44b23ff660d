// Exercises of lecture 5, memory layout. Answers come from the library.
import { misses } from "../../tensor/cacheModel.js";
import { cacheModel, loopAddresses, missRatio, setsTouched, Tensor } from "../../tensor/index.js";
import type { Exercise, Sizes } from "../exerciseKinds.js";
import { transposeDesign } from "./transposeDesign.js";

const l1 = cacheModel({ lineBytes: 64, sets: 64, ways: 8 });
const side = (bytes: number, tiles: number): number => Math.floor(Math.sqrt(bytes / tiles));
/** The least padding of rows of 1,024 fp32 that gives 64 rows' first elements 64 different sets. */
const leastPadding = (): number => {
  const sets = (padding: number): number => setsTouched(loopAddresses({ sizes: [64], strides: [1024 + padding] }), l1);
  return Array.from({ length: 65 }, (_, i) => i).find((padding) => sets(padding) === 64)!;
};

type Circle = Record<"lines" | "distance" | "passes" | "sets" | "ways", number>;
const circle = (sizes: Sizes): Circle => sizes as Circle;
/** Misses of a circle, from those of one pass that fits: all or nothing. */
const allOrNothing =
  (fits: (c: Circle) => boolean) =>
  (sizes: Sizes): number =>
    circle(sizes).lines * (fits(circle(sizes)) ? 1 : circle(sizes).passes);

export const lecture5 = {
  "permuted-stride": {
    question:
      "A batch of images (8, 3, 224, 320) is seen channels last by permute([0, 2, 3, 1]). " +
      "What is the stride of the view's last dimension?",
    answer: () => Tensor.zeros([8, 3, 224, 320]).permute([0, 2, 3, 1]).strides[3]!,
    tolerance: 0,
    unit: "elements",
    mistakes: [
      { value: () => 1, says: "That is the stride of a contiguous copy: the view still walks the old buffer." },
      { value: () => 3, says: "That is the size of the last dimension, not its stride." },
      { value: () => 320, says: "That is the step from row to row; a channel is all rows further." },
      { value: () => 3 * 224 * 320, says: "That is the step from image to image." },
      { value: () => 224 * 320 * 4, says: "That is in bytes; strides count elements." },
    ],
    hints: ["Permuting the shape permutes the strides.", "One channel further lies one whole plane further."],
    solution: "The strides (215040, 71680, 320, 1) become (215040, 320, 1, 71680).",
  },
  "bytes-per-useful-byte": {
    question:
      "A walk reads every 96th bf16 of a large array, with lines of 128 bytes. " +
      "How many bytes are fetched for each byte that is used?",
    answer: () =>
      (missRatio(
        loopAddresses({ sizes: [4096], strides: [96], elementBytes: 2 }),
        cacheModel({ lineBytes: 128, sets: 64, ways: 8 }),
      ) *
        128) /
      2,
    tolerance: 0,
    unit: "bytes",
    mistakes: [
      { value: () => 96, says: "That is the stride: beyond a line, a longer step fetches no more." },
      { value: () => 32, says: "That is for lines of 64 bytes, or for elements of four." },
      { value: () => (96 * 2) / 128, says: "That is lines from one element to the next, not bytes fetched." },
      { value: () => 128, says: "That is what one access fetches; two of those bytes are used." },
    ],
    hints: ["Is the step longer than a line?", "Each access fetches one line and uses one element of it."],
    solution: "The step is 192 bytes, so each element has a line of its own: 128 bytes for 2.",
  },
  "largest-tile": {
    question: "What is the side of the largest square bf16 tile of which three fit into 48 KiB at once?",
    answer: () => side(48 * 1024, 3 * 2),
    tolerance: 0,
    mistakes: [
      { value: () => side(48 * 1024, 3 * 4), says: "That is for fp32: a bf16 has two bytes." },
      { value: () => side(48 * 1024, 2 * 2), says: "One tile was forgotten: there are three, of A, B and C." },
      { value: () => side(48 * 1024, 2), says: "That is one tile alone; three must fit." },
      { value: () => (48 * 1024) / 6, says: "That is the elements of a tile: its side is the root of that." },
      { value: () => side(48_000, 3 * 2), says: "That takes 48 kB; a KiB has 1,024 bytes." },
    ],
    hints: ["3 · 2 · T² ≤ 49,152."],
    solution: "T = floor(√8192).",
  },
  "sets-of-a-column": {
    question:
      "How many of the 64 sets (lines of 64 bytes) does a long column use " + "of a matrix whose rows hold 384 fp32?",
    answer: () => setsTouched(loopAddresses({ sizes: [1024], strides: [384] }), l1),
    tolerance: 0,
    unit: "sets",
    mistakes: [
      { value: () => 64, says: "That would need a row of an odd number of lines." },
      { value: () => (384 * 4) / 64, says: "That is the lines of a row: the step from address to address." },
      { value: () => 2, says: "That is for rows of 512 fp32." },
      { value: () => 64 / 24, says: "The sets come round again only after a common multiple of 24 and 64." },
    ],
    hints: ["1,536 bytes are 24 lines.", "Which remainders do the multiples of 24 leave when divided by 64?"],
    solution: "64 / gcd(24, 64).",
  },
  "least-padding": {
    question:
      "Rows of 1,024 fp32. How many fp32 of padding a row are the fewest, " +
      "so that 64 rows below each other begin in 64 different sets (64 sets, lines of 64 bytes)?",
    answer: leastPadding,
    tolerance: 0,
    unit: "fp32",
    mistakes: [
      { value: () => 1, says: "One fp32 moves the next row by 4 bytes: it begins in the same set as before." },
      { value: () => 64, says: "That is in bytes: a line holds 16 fp32." },
      { value: () => 1024, says: "That doubles the row, and every row begins in the same set again." },
      { value: () => 8, says: "With half a line of padding two rows in turn begin in one set." },
    ],
    hints: ["Each row must begin one line further than the row before it, counted around the sets."],
    solution: "A line of 64 bytes, which is 16 fp32.",
  },
  "copy-that-pays": {
    question:
      "An operation takes 61 ms on a view and 22 ms on its contiguous copy; making the copy takes 250 ms. " +
      "From which number of operations on has the copy paid?",
    answer: () => Math.ceil(250 / (61 - 22)),
    tolerance: 0,
    unit: "operations",
    mistakes: [
      { value: () => Math.ceil(250 / 61), says: "The copy does not make the operation free: it saves 61 − 22 ms." },
      { value: () => Math.ceil(250 / 22), says: "What the copy takes is not what it saves." },
      { value: () => Math.floor(250 / (61 - 22)), says: "After so many the copy has not quite paid: round up." },
    ],
    hints: ["Each operation saves 39 ms."],
    solution: "250 / 39, rounded up.",
  },
  "lines-in-flight": {
    question:
      "Memory answers after 100 ns. How many lines of 64 bytes must be under way at once for 20 GB/s (Little's law)?",
    answer: () => (100e-9 * 20e9) / 64,
    unit: "lines",
    mistakes: [
      { value: () => 100e-9 * 20e9, says: "That is bytes under way: divide by those of a line." },
      { value: () => (100e-9 * 20e9) / 4, says: "That is fp32 under way; memory moves whole lines." },
      { value: () => 64 / 100e-9 / 1e9, says: "That is the GB/s of one line at a time." },
    ],
    hints: ["Under way = rate × time.", "20 GB/s for 100 ns are 2,000 bytes."],
    solution: "100 ns · 20 GB/s / 64 bytes.",
  },
  "set-of-address": {
    question:
      "Write setOf({ address, lineBytes, sets }): the set that a byte address enters, " +
      "in a cache of so many sets and lines of so many bytes.",
    reference: ({ address, lineBytes, sets }) => Math.floor(address! / lineBytes!) % sets!,
    draw: (pick) => ({ address: pick(0, 2 ** 20), lineBytes: 2 ** pick(4, 7), sets: 2 ** pick(0, 7) }),
    mistakes: [
      { value: ({ address, sets }) => address! % sets!, says: "That takes bytes for lines: divide first." },
      { value: ({ address, lineBytes }) => Math.floor(address! / lineBytes!), says: "That is the line, not its set." },
      { value: ({ address, lineBytes, sets }) => (address! / lineBytes!) % sets!, says: "A set is a whole number." },
    ],
    hints: ["First the line, then its place among the sets.", "Math.floor(address / lineBytes)."],
    solution: "({ address, lineBytes, sets }) => Math.floor(address / lineBytes) % sets",
  },
  "cache-misses": {
    question:
      "Write cacheMisses({ lines, distance, passes, sets, ways }): how many accesses miss when a walk visits `lines` " +
      "lines, `distance` lines apart, `passes` times over, in a cold cache of so many sets and ways that puts the " +
      "least recently used line out.",
    reference: ({ lines, distance, passes, sets, ways }) =>
      misses(
        loopAddresses({ sizes: [passes!, lines!], strides: [0, distance!], elementBytes: 64 }),
        cacheModel({ lineBytes: 64, sets: sets!, ways: ways! }),
      ),
    draw: (pick) => ({
      lines: pick(1, 48),
      distance: pick(1, 24),
      passes: pick(1, 6),
      sets: 2 ** pick(0, 5),
      ways: pick(1, 8),
    }),
    mistakes: [
      {
        value: allOrNothing(({ lines, sets, ways }) => lines <= sets * ways),
        says: "That asks whether all lines fit the cache; each set must hold those that fall into it.",
      },
      {
        value: allOrNothing(({ lines, ways }) => lines <= ways),
        says: "That puts all lines into one set; a distance may spread them over many.",
      },
      { value: ({ lines }) => lines!, says: "That is one pass: what does not fit misses in the next one again." },
      { value: ({ lines, passes }) => lines! * passes!, says: "That lets every access miss; what fits is kept." },
    ],
    hints: [
      "Count the lines of each set: line i falls into set (i · distance) % sets.",
      "A set that gets no more lines than it has ways misses each once. One that gets more misses at every access, " +
        "because the next one wanted is always the one that was put out.",
    ],
    solution:
      "({ lines, distance, passes, sets, ways }) => { const count = new Array(sets).fill(0); " +
      "for (let i = 0; i < lines; i++) count[(i * distance) % sets]++; " +
      "return count.reduce((sum, n) => sum + (n <= ways ? n : n * passes), 0); }",
  },
  "transpose-design": transposeDesign,
} satisfies Record<string, Exercise>;
