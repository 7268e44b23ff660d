import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countAs } from "../lib/convention.js";
import { modelCost } from "../lib/model.js";
import { arithmeticIntensity, bytesMoved, cost, movedBytes, storedBytes, totalCost, type Op } from "../lib/op.js";
import { estimate } from "../lib/roofline.js";

/** y = x Wᵀ + b by hand: 2 tokens, 3 in, 5 out; bf16 activations, int4 weights, one scale a row. */
const op: Op = {
  kind: "linear",
  inputs: [{ name: "x", shape: [2, 3], dtype: "bf16" }],
  weights: [
    { name: "w", shape: [5, 3], dtype: "int4" },
    { name: "scales", shape: [5, 1], dtype: "fp16", stored: false },
    { name: "b", shape: [5], dtype: "bf16" },
  ],
  outputs: [{ name: "y", shape: [2, 5], dtype: "bf16" }],
  macs: 30,
  extras: { bias: 10 },
};

describe("cost(op)", () => {
  it("follows from the tensors and the one formula", () => {
    expect(cost(op)).toEqual({
      macs: 30,
      exactMacs: 30,
      flops: 70,
      extras: { bias: 10 },
      transcendentals: 0,
      params: 20,
      activeParams: 20, // 15 + 5: scales are no parameters
      weightBytes: 8 + 10 + 10,
      inputBytes: 12,
      outputBytes: 20, // ceil(15 / 2), 5 · 2, 5 · 2
      bytesRead: 40,
      bytesWritten: 20,
      exact: true,
    });
  });

  it("keeps dense and exact macs, stored and active parameters apart", () => {
    expect(cost({ ...op, exactMacs: 16, activeParams: 7, transcendentals: 4 })).toMatchObject({
      macs: 30,
      exactMacs: 16,
      flops: 70,
      params: 20,
      activeParams: 7,
      transcendentals: 4,
    });
  });

  it("moves the elements that a tensor says, and stores its shape", () => {
    const table = { shape: [1000, 8], dtype: "fp32", elements: 16 } as const;
    expect([movedBytes(table), storedBytes(table)]).toEqual([64, 32_000]);
    expect(cost({ ...op, weights: [table] })).toMatchObject({ params: 8000, weightBytes: 64 });
  });

  it("says when a count is beyond what a double holds", () => {
    expect(cost({ ...op, macs: 2 ** 52 }).exact).toBe(false); // 2 · macs = 2^53
    expect(cost({ ...op, macs: 2 ** 52 - 6, extras: {} }).exact).toBe(true);
  });
});

describe("totalCost(costs)", () => {
  it("of nothing is zero, and has no intensity", () => {
    const zero = totalCost([]);
    expect(zero).toMatchObject({
      macs: 0,
      flops: 0,
      params: 0,
      bytesRead: 0,
      bytesWritten: 0,
      extras: {},
      exact: true,
    });
    expect(arithmeticIntensity(zero)).toBeNaN();
  });

  it("adds every field, extras by name, from any iterable", () => {
    const a = cost(op);
    const b = cost({ ...op, extras: { bias: 1, softmax: 2 } });
    const t = totalCost(new Set([a, b]));
    expect(t).toMatchObject({
      macs: 60,
      flops: 70 + 63,
      params: 40,
      bytesRead: 80,
      bytesWritten: 40,
      extras: { bias: 11, softmax: 2 },
    });
    expect(a.extras).toEqual({ bias: 10 });
    expect(t.flops).toBe(2 * t.macs + Object.values(t.extras).reduce((x, y) => x + y));
  });

  it("does not depend on order or grouping", () => {
    const costs = fc.array(
      fc
        .record({ macs: fc.nat(1e6), bias: fc.nat(1000) })
        .map(({ macs, bias }) => cost({ ...op, macs, extras: { bias } })),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(costs, fc.nat(8), (list, cut) => {
        expect(totalCost([totalCost(list.slice(0, cut)), totalCost(list.slice(cut))])).toEqual(totalCost(list));
        expect(totalCost([...list].reverse())).toEqual(totalCost(list));
      }),
    );
  });

  it("stays marked once a part was rounded, and marks a sum that outgrows", () => {
    const large = cost({ ...op, macs: 2 ** 51 });
    expect(large.exact).toBe(true);
    expect(totalCost([large, large]).exact).toBe(false);
    expect(totalCost([{ ...cost(op), exact: false }]).exact).toBe(false);
  });

  it("is not fooled by an extra that is called like a builtin", () => {
    const odd = cost({ ...op, extras: JSON.parse('{"__proto__": 3, "toString": 4}') as Record<string, number> });
    expect(odd.flops).toBe(67);
    const t = totalCost([odd, odd]);
    expect(Object.entries(t.extras).sort()).toEqual([
      ["__proto__", 6],
      ["toString", 8],
    ]);
  });
});

it("arithmeticIntensity(cost) is flops over all bytes", () => {
  expect(bytesMoved(cost(op))).toBe(60);
  expect(arithmeticIntensity(cost(op))).toBe(70 / 60);
});

describe("an op, a cost and a list of costs in each other's place", () => {
  it.each<[string, (x: never) => unknown, unknown, RegExp]>([
    ["cost", cost, cost(op), /^cost: op must be an Op such as [^\n]*, got \{/],
    ["cost", cost, undefined, /^cost: op must be an Op/],
    ["totalCost", totalCost, cost(op), /^totalCost: costs must be a list of costs, got \{/],
    ["totalCost", totalCost, [op], /^totalCost: each of costs must be a Cost such as cost\(op\), got \{/],
    ["arithmeticIntensity", arithmeticIntensity, op, /^arithmeticIntensity: cost must be a Cost/],
    ["modelCost", modelCost, op, /^modelCost: model must be a Model/],
    [
      "estimate",
      (x) => estimate(x, undefined as never, "bf16"),
      [op],
      /^estimate: work must be an op, a cost or a model, got \[/,
    ],
    ["countAs", (x) => countAs("torch", x), cost(op), /^countAs: model or op must be a Model or an Op/],
  ])("%s(…) says so, and gives no NaN", (_name, run, given, message) => {
    expect(() => run(given as never)).toThrow(TypeError);
    expect(() => run(given as never)).toThrow(message);
  });
});
