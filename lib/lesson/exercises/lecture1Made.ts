// Exercises of lecture 1 that ask for something made: a function, a design.
import { positiveIntegers } from "../../check.js";
import { bytesMoved, cost } from "../../op.js";
import { conv2d, type Conv2dShape } from "../../ops/index.js";
import { si } from "../../units.js";
import { tiledProduct } from "../tiledProduct.js";
import type { DesignExercise, Exercise, Sizes } from "../exerciseKinds.js";

const convMacs = (sizes: Sizes): number => conv2d({ ...sizes } as unknown as Conv2dShape).macs;

interface Tiled {
  readonly size: number;
  readonly tile: number;
  readonly elementBytes: number;
}
const tiledBytes = (sizes: Sizes): number => tiledProduct(sizes as unknown as Tiled).moved;
/** A wrong road: bytes from the elements that it moves. */
const tiledBy =
  (elements: (sizes: Tiled) => number) =>
  (sizes: Sizes): number =>
    elements(sizes as unknown as Tiled) * sizes["elementBytes"]!;

const channels = 128;
const plane = { inChannels: channels, outChannels: channels, height: 56, width: 56 };
const budget = 75e6;

const judge: DesignExercise["judge"] = ({ kernelSize, groups, pointwise }) => {
  positiveIntegers("mobile-block", { kernelSize, groups });
  const [kernel, parts] = [Number(kernelSize), Number(groups)];
  if (kernel % 2 === 0) throw new RangeError(`mobile-block: kernelSize must be odd, got ${kernel}`);
  if (typeof pointwise !== "boolean")
    throw new RangeError(`mobile-block: pointwise must be true or false, got ${String(pointwise)}`);
  const window = conv2d({ ...plane, kernelSize: kernel, padding: (kernel - 1) / 2, groups: parts });
  const ops = [window, ...(pointwise ? [conv2d({ ...plane, kernelSize: 1 })] : [])];
  const macs = ops.reduce((sum, op) => sum + op.macs, 0);
  const bytes = ops.reduce((sum, op) => sum + bytesMoved(cost(op)), 0);
  const figures = `${si(macs)} multiply-adds, ${si(bytes, "B")} moved`;
  const seen = pointwise ? channels : channels / parts;
  if (kernel < 5) return { reached: false, says: `${figures}, but the window of ${kernel} × ${kernel} is too small.` };
  if (seen < channels)
    return { reached: false, says: `${figures}, but an output sees ${seen} of the ${channels} input channels.` };
  if (macs > budget) return { reached: false, says: `${figures}: over the budget of ${si(budget)}.` };
  const dense = cost(conv2d({ ...plane, kernelSize: kernel, padding: (kernel - 1) / 2 }));
  return {
    reached: true,
    says: `${figures}. One dense ${kernel} × ${kernel} does ${si(dense.macs)} and moves ${si(bytesMoved(dense), "B")}.`,
  };
};

export const lecture1Made = {
  "convolution-macs": {
    question:
      "Write a function of { inChannels, outChannels, kernelSize, height, width, stride, padding, groups } that " +
      "gives the multiply-adds of a convolution on one picture.",
    reference: convMacs,
    draw: (pick) => {
      const groups = pick(1, 8);
      const kernelSize = pick(1, 7);
      return {
        inChannels: groups * pick(1, 16),
        outChannels: groups * pick(1, 16),
        kernelSize,
        height: kernelSize + pick(0, 40),
        width: kernelSize + pick(0, 40),
        stride: pick(1, 4),
        padding: pick(0, 3),
        groups,
      };
    },
    mistakes: [
      { value: (sizes) => convMacs({ ...sizes, stride: 1 }), says: "The stride is forgotten." },
      { value: (sizes) => convMacs({ ...sizes, padding: 0 }), says: "The padding is forgotten." },
      { value: (sizes) => convMacs({ ...sizes, groups: 1 }), says: "The groups are forgotten." },
      { value: (sizes) => 2 * convMacs(sizes), says: "These are FLOPs: multiply-adds are asked for." },
      {
        value: (sizes) => convMacs(sizes) / sizes["groups"]!,
        says: "The groups divide twice: each output channel stays, and sees fewer input channels.",
      },
    ],
    hints: [
      "Positions along an axis: Math.floor((height + 2 * padding - kernelSize) / stride) + 1.",
      "Each output is a dot product of (inChannels / groups) * kernelSize ** 2 numbers.",
    ],
    solution:
      "const out = (n) => Math.floor((n + 2 * padding - kernelSize) / stride) + 1; " +
      "return out(height) * out(width) * outChannels * (inChannels / groups) * kernelSize ** 2;",
  },
  "tiled-bytes": {
    question:
      "Write a function of { size, tile, elementBytes } that gives the bytes moved by a product C = A B of " +
      "size × size matrices in tiles of tile × tile, which divide them: a tile of C is summed in the cache and " +
      "written once, and each step fetches a tile of A and a tile of B, unless the tile is the whole matrix.",
    reference: tiledBytes,
    draw: (pick) => {
      const tile = pick(1, 12);
      return { size: tile * pick(1, 8), tile, elementBytes: 2 ** pick(0, 3) };
    },
    mistakes: [
      {
        value: tiledBy(({ size, tile }) => size ** 3 / tile + size ** 2),
        says: "One operand is forgotten: each step fetches a tile of A and a tile of B.",
      },
      {
        value: tiledBy(({ size, tile }) => (3 * size ** 3) / tile),
        says: "C is written at every step: its tile stays in the cache until its sum is done.",
      },
      { value: tiledBy(({ size, tile }) => (2 * size ** 3) / tile), says: "C is forgotten: it is written once." },
      {
        value: tiledBy(({ size }) => 3 * size ** 2),
        says: "These are the three matrices, once each: tiles come again.",
      },
      {
        value: tiledBy(({ size }) => 2 * size ** 3 + size ** 2),
        says: "The tile is forgotten: a fetch serves it all.",
      },
      { value: (sizes) => tiledBytes(sizes) / sizes["elementBytes"]!, says: "These are numbers, not bytes." },
    ],
    hints: [
      "There are (size / tile) ** 3 steps, and each fetches two tiles of tile ** 2 numbers.",
      "C is size ** 2 numbers, written once.",
    ],
    solution: "({ size, tile, elementBytes }) => ((2 * size ** 3) / tile + size ** 2) * elementBytes",
  },
  "mobile-block": {
    question:
      "Design a block for a phone: 128 → 128 channels on 56 × 56 with at most 75 M multiply-adds, a window of at " +
      "least 5 × 5, and every output channel seeing every input channel. Choose kernelSize and groups of its " +
      "convolution, and whether a pointwise 1 × 1 convolution follows.",
    example: { kernelSize: 5, groups: 128, pointwise: true },
    judge,
    hints: [
      "A dense 5 × 5 does 25 times the work of the 1 × 1.",
      "Groups alone are cheap, and blind to other groups: what mixes the channels again?",
    ],
    solution: "Depthwise 5 × 5 for the window, then 1 × 1 for the channels.",
  },
} satisfies Record<string, Exercise>;
