// Sizes and taps of a resize: as PyTorch's interpolate, and a loop that finds every tap.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, cost, resize } from "../../lib/index.js";
import { runs, size, spatialNames } from "./arbitrary.js";
import { resizeLoop } from "./oracleSampled.js";
import { thrown } from "./thrown.js";

const linear = ["linear", "bilinear", "trilinear"];

describe.each([1, 2, 3] as const)("resize in %s dimensions", (rank) => {
  const list = fc.array(size(5), { minLength: rank, maxLength: rank });
  const named = (sizes: number[]) => Object.fromEntries(spatialNames[rank].map((name, i) => [name, sizes[i]!]));

  it("takes the taps that the loop takes, where nothing is made smaller", () => {
    fc.assert(
      fc.property(list, list, fc.boolean(), (from, more, antialias) => {
        const out = from.map((n, i) => n + more[i]! - 1);
        const op = resize({ batch: 2, channels: 3, ...named(from), size: out, mode: linear[rank - 1], antialias });
        const loop = resizeLoop({ size: from, out, support: 1 }, { batch: 2, channels: 3 });
        expect(op.outputs[0]!.shape).toEqual(loop.y.shape);
        expect([cost(op).flops, op.macs]).toEqual([loop.flops, 0]);
      }),
      runs,
    );
  });

  it("with antialias takes the taps that the loop takes, where it makes sizes whole times smaller", () => {
    fc.assert(
      fc.property(list, list, (out, times) => {
        const from = out.map((n, i) => n * times[i]!);
        const op = resize({ channels: 2, ...named(from), size: out, mode: linear[rank - 1], antialias: true });
        expect(cost(op).flops).toBe(resizeLoop({ size: from, out, support: 1 }, { batch: 1, channels: 2 }).flops);
      }),
      runs,
    );
  });

  it("nearest copies", () => {
    const op = resize({ channels: 2, ...named([5, 4, 3].slice(0, rank)), scaleFactor: 2 });
    expect([op.extras, op.macs]).toEqual([{}, 0]);
    expect(op.outputs[0]!.shape).toEqual([1, 2, 10, 8, 6].slice(0, rank + 2));
    expect(backward(op)[0]!.extras).toEqual({ interpolate: 2 * [10, 80, 480][rank - 1]! });
  });
});

describe("resize", () => {
  const plane = { channels: 3, height: 5, width: 7 };
  it("bilinear: four products and three sums an element; bicubic sixteen and fifteen", () => {
    const n = 3 * 10 * 14;
    expect(resize({ ...plane, scaleFactor: 2, mode: "bilinear" }).extras).toEqual({ interpolate: 7 * n });
    expect(resize({ ...plane, scaleFactor: 2, mode: "bicubic" }).extras).toEqual({ interpolate: 31 * n });
  });

  it("of one dimension alone takes that one's taps", () => {
    expect(resize({ ...plane, scaleFactor: [1, 2], mode: "bilinear" }).extras).toEqual({ interpolate: 3 * 3 * 5 * 14 });
    expect(resize({ ...plane, size: [5, 7], mode: "bicubic" }).extras).toEqual({});
  });

  it("rounds sizes down, as F.interpolate does: 5 and 7 by 1.5 are 7 and 10, by 0.3 1 and 2", () => {
    const shapeOf = (scaleFactor: number) => resize({ ...plane, scaleFactor }).outputs[0]!.shape;
    expect([shapeOf(1.5), shapeOf(0.3)]).toEqual([
      [1, 3, 7, 10],
      [1, 3, 1, 2],
    ]);
  });

  it("a factor that leaves the size is still read between positions", () => {
    expect(resize({ channels: 1, length: 5, scaleFactor: 1.1, mode: "linear" }).extras).toEqual({ interpolate: 15 });
  });

  it("backward weighs and adds dy at every tap", () => {
    const op = resize({ ...plane, scaleFactor: 2, mode: "bilinear" });
    expect(backward(op)[0]!.extras).toEqual({ interpolate: 2 * 4 * 3 * 10 * 14 });
  });

  it.each([
    [{ ...plane }, "resize: shape must have size or scaleFactor, got neither"],
    [{ ...plane, size: 4, scaleFactor: 2 }, "resize: shape must have size or scaleFactor, got both"],
    [{ ...plane, scaleFactor: 0.1 }, "resize: height 5 times scaleFactor 0.1 must be a positive integer, got 0"],
    [
      { ...plane, size: 4, mode: "linear" },
      'resize: mode must be one of nearest, nearest-exact, bilinear, bicubic in 2 dimensions, got "linear"',
    ],
    [{ ...plane, size: 4, antialias: true }, 'resize: mode must interpolate where antialias is true, got "nearest"'],
  ])("refuses %j", (shape, message) => {
    expect(thrown(() => resize(shape)).message).toBe(message);
  });
});
