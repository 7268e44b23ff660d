import { describe, expect, it } from "vitest";
import { bitsPerElement, bytesOf, dtypes, parseDType } from "../lib/dtype.js";

describe("parseDType(who, name)", () => {
  it("knows every canonical name, in any case", () => {
    for (const name of dtypes) {
      expect(parseDType("x", name)).toBe(name);
      expect(parseDType("x", name.toUpperCase())).toBe(name);
    }
  });

  it.each([
    ["torch.float32", "fp32"],
    ["F32", "fp32"],
    ["half", "fp16"],
    ["torch.bfloat16", "bf16"],
    ["F8_E4M3", "fp8"],
    ["float8_e5m2", "fp8"],
    ["double", "fp64"],
    ["I64", "int64"],
    ["u8", "uint8"],
    ["mxfp4", "fp4"],
    ["boolean", "bool"],
  ])("parseDType(%j) is %s", (name, dtype) => {
    expect(parseDType("x", name)).toBe(dtype);
  });

  it.each([
    ["fp31", '"fp31"'],
    ["", '""'],
    [undefined, "undefined"],
    [null, "null"],
    [32, "32"],
    ["toString", '"toString"'],
    ["__proto__", '"__proto__"'],
    ["constructor", '"constructor"'],
    [{}, "{}"],
  ])("parseDType(%j) lists the known names", (name, got) => {
    expect(() => parseDType("linear", name)).toThrow(
      new RangeError(`linear: dtype must be one of ${dtypes.join(", ")}, got ${got}`),
    );
  });
});

describe("bytesOf(elements, dtype)", () => {
  it("is elements times width for whole bytes", () => {
    expect(bytesOf(768 * 3072, "fp32")).toBe(9_437_184);
    expect(bytesOf(768 * 3072, "bf16")).toBe(4_718_592);
    expect([bytesOf(3, "fp64"), bytesOf(3, "tf32"), bytesOf(3, "fp8"), bytesOf(3, "bool")]).toEqual([24, 12, 3, 3]);
  });

  it("counts a started byte of packed formats whole", () => {
    expect([0, 1, 2, 3, 4, 5].map((n) => bytesOf(n, "int4"))).toEqual([0, 1, 1, 2, 2, 3]);
    expect([1, 4, 5].map((n) => bytesOf(n, "int2"))).toEqual([1, 1, 2]);
    expect([1, 2, 3, 4].map((n) => bytesOf(n, "fp6"))).toEqual([1, 2, 3, 3]);
  });

  it("stays exact where elements times bits would not", () => {
    expect(bytesOf(2 ** 50 + 1, "fp16")).toBe(2 ** 51 + 2);
    expect(bytesOf(2 ** 51 + 1, "int4")).toBe(2 ** 50 + 1);
    expect(bytesOf(2 ** 52 + 1, "int4")).toBe(2 ** 51 + 1);
  });

  it("gives every listed format a positive width", () => {
    for (const name of dtypes) expect(bytesOf(256, name)).toBe(32 * bitsPerElement[name]);
  });

  it("counts a started block whole, scales included", () => {
    // llama.cpp: 32 numbers and a scale of two bytes, or 256 with their scales.
    expect([1, 32, 33].map((n) => bytesOf(n, "q4_0"))).toEqual([18, 18, 36]);
    expect([bytesOf(32, "q8_0"), bytesOf(256, "q4_k"), bytesOf(512, "q6_k")]).toEqual([34, 144, 420]);
    expect([bitsPerElement.q4_0, bitsPerElement.q8_0, bitsPerElement.q4_k]).toEqual([4.5, 8.5, 4.5]);
    expect(parseDType("kvCacheBytes", "Q4_K")).toBe("q4_k");
  });
});
