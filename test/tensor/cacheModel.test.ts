import { describe, expect, it } from "vitest";
import { cacheModel, loopAddresses, missRatio, setsTouched, Tensor } from "../../lib/tensor/index.js";
import { misses } from "../../lib/tensor/cacheModel.js";

const walk = (count: number, strideBytes: number) => Array.from({ length: count }, (_, i) => i * strideBytes);
const bytes = (t: Tensor) => t.addresses().map((a) => a * t.elementSize);

describe("missRatio(addresses, cache)", () => {
  const l1 = cacheModel({ lineBytes: 64, sets: 64, ways: 8 });
  it("is one line in 16 for a sequential walk of fp32, one in 8 for fp64", () => {
    expect(missRatio(walk(4096, 4), l1)).toBe(1 / 16);
    expect(missRatio(walk(4096, 8), l1)).toBe(1 / 8);
  });
  it("is stride over 16 up to a line, then every access", () => {
    expect([1, 2, 4, 8, 16, 32].map((s) => missRatio(walk(4096, 4 * s), l1))).toEqual([
      1 / 16,
      1 / 8,
      1 / 4,
      1 / 2,
      1,
      1,
    ]);
  });
  it("is nothing on a second pass over what fits, everything over one line more than fits", () => {
    const fits = walk(512, 64);
    const over = walk(513, 64);
    const tiny = cacheModel({ lineBytes: 64, sets: 1, ways: 512 });
    expect(misses([...fits, ...fits], l1)).toBe(512);
    expect(misses([...over, ...over], tiny)).toBe(1026); // LRU throws out just what comes next
  });
  it("follows a trace by hand: 2 sets, 2 ways, lines a b c d e", () => {
    const small = cacheModel({ lineBytes: 64, sets: 2, ways: 2 });
    const line = (n: number) => n * 64;
    // Set 0 sees 0 2 0 4 2 0: miss, miss, hit, miss (drops 2), miss (drops 0), miss. Set 1 sees 1 1: miss, hit.
    expect(misses([0, 1, 2, 0, 4, 1, 2, 0].map(line), small)).toBe(6);
  });
  it("shows a column of 512 floats in 2 sets, of 528 in all 64", () => {
    const column = (leading: number) => bytes(Tensor.zeros([64, leading]).slice(1, 0, 1));
    expect([setsTouched(column(512), l1), setsTouched(column(528), l1)]).toEqual([2, 64]);
    const twice = (leading: number) => [...column(leading), ...column(leading)];
    // 32 lines a set of 8 ways; 1 line a set.
    expect([missRatio(twice(512), l1), missRatio(twice(528), l1)]).toEqual([1, 0.5]);
  });
  it(
    "predicts the mirrored lecture's views: the transposed walk in its " +
      "own order misses always, sorted by stride once a line",
    () => {
      const x = Tensor.zeros([2, 768, 512]);
      const view = x.transpose(1, 2);
      expect(missRatio(bytes(x), l1)).toBe(1 / 16);
      expect(missRatio(bytes(view), l1)).toBe(1);
      expect(missRatio(bytes(view.transpose(1, 2)), l1)).toBe(1 / 16);
    },
  );
  it("of nothing is NaN", () => expect(missRatio([], l1)).toBeNaN());
});

it("cacheModel({lineBytes, sets, ways}) refuses what is no positive integer", () => {
  expect(() => cacheModel({ ways: 0 })).toThrow(new RangeError("cacheModel: ways must be a positive integer, got 0"));
  expect(() => cacheModel({ sets: "64" as never })).toThrow(TypeError);
});

describe("loopAddresses({ sizes, strides })", () => {
  it("visits what a view of the same shape and strides visits, in its order", () => {
    const view = Tensor.zeros([3, 4, 5]).transpose(1, 2);
    expect(loopAddresses({ sizes: view.shape, strides: view.strides })).toEqual(
      view.addresses().map((element) => 4 * element),
    );
  });
  it("stops at its limit, and reads a stride of 0 as a repetition", () => {
    expect(loopAddresses({ sizes: [2, 3], strides: [0, 2] })).toEqual([0, 8, 16, 0, 8, 16]);
    expect(loopAddresses({ sizes: [1000, 1000], strides: [1000, 1] }, 3)).toEqual([0, 4, 8]);
    expect(loopAddresses({ sizes: [], strides: [] })).toEqual([]);
  });
  it("refuses sizes and strides that do not belong together", () => {
    expect(() => loopAddresses({ sizes: [2, 3], strides: [1] })).toThrow(
      "loopAddresses: strides must be 2, one for each size, got 1",
    );
    expect(() => loopAddresses({ sizes: [0], strides: [1] })).toThrow(
      "loopAddresses: sizes[0] must be a positive integer, got 0",
    );
  });
});
