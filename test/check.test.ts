import { describe, expect, it } from "vitest";
import {
  divides,
  knownKeys,
  lookUp,
  nearest,
  similar,
  nonNegativeIntegers,
  positiveIntegers,
  record,
  shown,
} from "../lib/check.js";

describe("positiveIntegers(who, sizes)", () => {
  it("accepts what a double holds exactly", () =>
    expect(() => positiveIntegers("x", { a: 1, b: 2 ** 53 - 1 })).not.toThrow());

  it.each([
    [0, "0"],
    [-1, "-1"],
    [-0, "-0"],
    [1.5, "1.5"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
    [2 ** 53, "9007199254740992"],
  ])("refuses the value %d", (n, got) => {
    expect(() => positiveIntegers("linear", { inFeatures: n })).toThrow(
      new RangeError(`linear: inFeatures must be a positive integer, got ${got}`),
    );
  });

  it.each([
    ["3", '"3"'],
    [undefined, "undefined"],
    [null, "null"],
    [3n, "3"],
    [[3], "[3]"],
    [{}, "{}"],
    [true, "true"],
    [() => 1, "() => 1"],
    [Symbol("s"), "Symbol(s)"],
  ])("refuses the kind of %s", (n, got) => {
    expect(() => positiveIntegers("linear", { inFeatures: n })).toThrow(
      new TypeError(`linear: inFeatures must be a positive integer, got ${got}`),
    );
  });
});

it("nonNegativeIntegers(who, sizes) takes zero and no less", () => {
  expect(() => nonNegativeIntegers("x", { a: 0 })).not.toThrow();
  expect(() => nonNegativeIntegers("conv2d", { padding: -1 })).toThrow(
    new RangeError("conv2d: padding must be a non-negative integer, got -1"),
  );
});

it("divides(who, …) names both", () => {
  expect(() => divides("conv2d", "groups", 4, "inChannels", 64)).not.toThrow();
  expect(() => divides("conv2d", "groups", 5, "inChannels", 64)).toThrow(
    new RangeError("conv2d: groups must divide inChannels 64, got 5"),
  );
});

it("record(who, what, object) refuses what is no object", () => {
  for (const bad of [undefined, null, 3, "x", []]) expect(() => record("linear", "shape", bad)).toThrow(TypeError);
  expect(() => record("linear", "shape", null)).toThrow("linear: shape must be an object, got null");
  expect(() => record("linear", "shape", Object.create(null))).not.toThrow();
});

it("knownKeys(who, object, known) catches a misspelt size", () => {
  expect(() => knownKeys("linear", { token: 1 }, ["tokens", "bias"])).toThrow(
    new TypeError('linear: keys must be among tokens, bias, got "token"'),
  );
});

describe("lookUp(who, what, table, name)", () => {
  it("finds own names only", () => {
    expect(lookUp("x", "id", { a: 1 }, "a")).toBe(1);
    for (const name of ["toString", "__proto__", "constructor", "b", 1, undefined])
      expect(() => lookUp("x", "id", { a: 1 }, name)).toThrow(RangeError);
  });

  it("lists the nearest first when there are many", () => {
    const table = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`model-${i}`, i]));
    expect(() => lookUp("model", "name", table, "model-7x")).toThrow(
      /^model: name must be one of model-7, .*, …, got "model-7x"$/,
    );
  });
});

it("similar(name, names, count) keeps few edits and the family, the nearest first, and else none", () => {
  const names = ["alexnet", "vgg16", "resnet18", "resnet50", "wide_resnet50_2", "Llama-3-8B", "Qwen3-8B"];
  expect(similar("resnet5O", names, 5)).toEqual(["resnet50", "resnet18"]);
  expect(similar("llma-3-8b", names, 5)).toEqual(["Llama-3-8B"]);
  expect(similar("meta/Llama-9-1T", names, 5)).toEqual(["Llama-3-8B"]);
  expect(similar("resnet", names, 1)).toHaveLength(1);
  for (const none of ["bge-m3", "", "8", "x".repeat(1e6)]) expect(similar(none, names, 5)).toEqual([]);
});

it("nearest(name, names, count) sorts by edits and survives a long name", () => {
  expect(nearest("resnet5", ["vgg16", "resnet50", "resnet18"], 2)).toEqual(["resnet50", "resnet18"]);
  expect(nearest("x".repeat(1e6), ["a"], 1)).toEqual(["a"]);
});

describe("shown(value)", () => {
  it("is one short line, whatever comes", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const value of [
      "a\nb",
      "x".repeat(1e5),
      Array(1000).fill(1),
      circular,
      new Map([[1, 2]]),
      {
        toJSON() {
          throw new Error("no");
        },
      },
      () => "\n",
      Symbol("s"),
      Object.create(null),
    ]) {
      const text = shown(value);
      expect(text.length).toBeLessThanOrEqual(60);
      expect(text).not.toMatch(/\n/);
    }
  });
});
