// Nodes that read between the pixels of an image: their shapes and taps, by hand.
import { describe, expect, it } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { node, tensor, valueInfo } from "../support/proto.js";
import { costOf, one } from "../support/oneNode.js";

const floats = (name: string, data: readonly number[]) =>
  tensor(name, [data.length], { raw: new Uint8Array(Float32Array.from(data).buffer) });
const ints = (name: string, data: readonly number[]) => tensor(name, [data.length], { data });
const x = { x: [1, 3, 5, 7] };
const elements = 3 * 10 * 14;

describe("Resize", () => {
  it.each([
    ["nearest", 0],
    ["linear", 7],
    ["cubic", 31],
  ])("%s by scales: %d FLOPs an element", (mode, flops) => {
    const scales = floats("s", [1, 1, 2, 2]);
    const c = costOf(one(node("Resize", ["x", "", "s"], ["y"], { mode }), x, {}, { initialisers: [scales] }));
    expect([c.shape, c.macs, c.flops, c.params]).toEqual([[1, 3, 10, 14], 0, flops * elements, 0]);
    expect([c.bytesRead, c.bytesWritten]).toEqual([4 * 3 * 5 * 7, 4 * elements]);
  });

  it("by sizes, along its axes alone", () => {
    const sizes = ints("z", [14]);
    const attributes = { mode: "linear", axes: [-1] };
    const c = costOf(
      one(node("Resize", ["x", "", "", "z"], ["y"], attributes), x, {}, { opset: 18, initialisers: [sizes] }),
    );
    expect([c.shape, c.flops]).toEqual([[1, 3, 5, 14], 3 * 3 * 5 * 14]);
  });

  it("with antialias finds a value of half the size from four positions", () => {
    const more = { opset: 18, initialisers: [floats("s", [1, 1, 1, 0.5])] };
    const attributes = { mode: "linear", antialias: 1 };
    const c = costOf(one(node("Resize", ["x", "", "s"], ["y"], attributes), { x: [1, 3, 5, 8] }, {}, more));
    expect([c.shape, c.flops]).toEqual([[1, 3, 5, 4], 7 * 3 * 5 * 4]);
  });

  it("whose scales are not in the file has the size that the file declares, and its work", () => {
    const file = one(
      node("Resize", ["x", "", "s"], ["y"], { mode: "linear" }),
      { ...x, s: [4] },
      {},
      { outputs: [valueInfo("y", [1, 3, 10, 14])] },
    );
    expect(costOf(file).flops).toBe(7 * elements);
  });

  it.each([
    [{ mode: "linear" }, [1, 1, 2], "sizes or scales must be 4 numbers, got [1,1,2]"],
    [{ mode: "linear" }, [2, 2, 2, 2], 'mode must be known in the 4 dimensions that change, got "linear"'],
    [{ mode: "spline" }, [1, 1, 2, 2], 'mode must be known in the 2 dimensions that change, got "spline"'],
  ])("%j of scales %j is not counted, and says why", (attributes, scales, why) => {
    const more = { initialisers: [floats("s", scales)] };
    expect(fromOnnx(one(node("Resize", ["x", "", "s"], ["y"], attributes), x, {}, more), {}).uncounted).toEqual([
      { path: "Resize.1", opType: "Resize", why },
    ]);
  });

  it("whose size nobody tells is not counted", () => {
    const file = one(node("Resize", ["x", "", "s"], ["y"]), { ...x, s: [4] });
    expect(fromOnnx(file, {}).uncounted[0]!.why).toBe("the size of its output is not in the file");
  });
});

describe("Upsample", () => {
  it("has its scales in an input", () => {
    const scales = floats("s", [1, 1, 2, 2]);
    const c = costOf(
      one(node("Upsample", ["x", "s"], ["y"], { mode: "linear" }), x, {}, { opset: 9, initialisers: [scales] }),
    );
    expect([c.shape, c.flops]).toEqual([[1, 3, 10, 14], 7 * elements]);
  });
});
