import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, adaptiveAvgPool, avgPool, cost, maxPool } from "../../lib/index.js";
import { runs, size, spatialNames, windowCase } from "./arbitrary.js";
import { adaptiveLoop, poolLoop, starts } from "./oracleWindow.js";

describe.each([1, 2, 3] as const)("maxPool in %s dimensions", (rank) => {
  it("maxPool(shape) scans the taps that the loop scans, also with ceilMode", () => {
    fc.assert(
      fc.property(windowCase(rank), size(2), size(3), fc.boolean(), (w, batch, channels, ceil) => {
        // PyTorch's limit: padding at most half the window.
        const half = w.padding.map(
          (pair, d) =>
            pair.map((p) => Math.min(p, Math.floor(((w.kernel[d]! - 1) * w.dilation[d]! + 1) / 2))) as [number, number],
        );
        const fair = { ...w, padding: half };
        fc.pre(starts(fair).every((l) => l.length > 0));
        const op = maxPool({
          batch,
          channels,
          ...Object.fromEntries(spatialNames[rank].map((name, i) => [name, w.size[i]!])),
          kernelSize: w.kernel,
          stride: w.stride,
          padding: half,
          dilation: w.dilation,
          ceilMode: ceil,
        });
        const loop = poolLoop(fair, { batch, channels, ceil });
        expect(op.extras["pool"]).toBe(loop.taps);
        expect(op.outputs[0]!.shape).toEqual([batch, channels, ...loop.out]);
      }),
      runs,
    );
  });
});

describe("pools", () => {
  it("adaptive pools count their unequal windows one by one", () => {
    fc.assert(
      fc.property(size(9), size(9), size(9), size(9), (height, width, a, b) => {
        const op = avgPool({ batch: 2, channels: 3, height, width, outputSize: [a, b] });
        expect(op.extras["pool"]).toBe(adaptiveLoop([height, width], [a, b], { batch: 2, channels: 3 }));
        expect(op.outputs[0]!.shape).toEqual([2, 3, a, b]);
      }),
      runs,
    );
  });

  it("adaptiveAvgPool(plane) is the mean of each channel, an avgPool over the whole plane", () => {
    const plane = { channels: 2048, height: 7, width: 7 };
    expect(cost(adaptiveAvgPool(plane))).toEqual(cost(avgPool({ ...plane, kernelSize: 7 })));
    expect(adaptiveAvgPool(plane).extras).toEqual({ pool: 100_352 });
  });

  it("maxPool k3 s2 p1 on 112 gives ResNet's 56, nine compares an output", () => {
    const op = maxPool({ channels: 64, height: 112, width: 112, kernelSize: 3, stride: 2, padding: 1 });
    expect([op.outputs[0]!.shape, op.extras["pool"], op.macs]).toEqual([[1, 64, 56, 56], 9 * 64 * 56 * 56, 0]);
  });

  it("ceilMode gives PyTorch's sizes", () => {
    const out = (height: number, kernelSize: number, stride: number, padding: number) =>
      maxPool({
        channels: 1,
        height,
        width: 1,
        kernelSize: [kernelSize, 1],
        stride: [stride, 1],
        padding: [padding, 0],
        ceilMode: true,
      }).outputs[0]!.shape[2];
    // (size, kernel, stride, padding) -> ceil((size + 2p - k) / s) + 1, one less when that window would start behind
    // the input and its left padding.
    expect([
      out(55, 3, 2, 0),
      out(13, 3, 2, 0),
      out(6, 3, 2, 0),
      out(4, 1, 3, 0),
      out(5, 2, 3, 1),
      out(1, 1, 2, 0),
    ]).toEqual([27, 6, 3, 2, 2, 1]);
  });

  it("stride defaults to the window, and backward spreads or scatters", () => {
    const max = maxPool({ channels: 1, height: 4, width: 4, kernelSize: 2 });
    const avg = avgPool({ channels: 1, height: 4, width: 4, kernelSize: 2 });
    expect(max.outputs[0]!.shape).toEqual([1, 1, 2, 2]);
    expect([backward(max)[0]!.extras["pool"], backward(avg)[0]!.extras["pool"]]).toEqual([20, 16]);
    expect(backward(max)[0]!.inputs.length).toBe(2);
  });

  it("pools refuse too much padding, windows that do not fit, and mixed ways of asking", () => {
    expect(() => maxPool({ channels: 1, height: 4, width: 4, kernelSize: 3, padding: 2 })).toThrow(
      "maxPool: padding must be at most half the window, 1, got 2",
    );
    expect(() => avgPool({ channels: 1, height: 4, width: 4, kernelSize: 5 })).toThrow(
      "avgPool: kernelSize must span at most the padded height 4, got 5",
    );
    expect(() => avgPool({ channels: 1, height: 4, width: 4, kernelSize: 2, outputSize: 1 })).toThrow(
      "avgPool: kernelSize must be absent beside outputSize, got 2",
    );
    expect(() => avgPool({ channels: 1, length: 4, height: 4, kernelSize: 2 })).toThrow(
      "avgPool: sizes must be length, or height and width (and depth), got both",
    );
  });
});
