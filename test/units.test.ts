import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binary, formatTime, grouped, si, significant } from "../lib/units.js";

describe("si(value, unit)", () => {
  it.each([
    [3.35e12, "B/s", "3.35 TB/s"],
    [989e12, "FLOP/s", "989 TFLOP/s"],
    [0, "B", "0 B"],
    [1, "B", "1.00 B"],
    [999, "", "999"],
    [1000, "", "1.00 k"],
    [999.96e3, "B", "1.00 MB"],
    [999.4e3, "B", "999 kB"],
    [-2039e9, "B/s", "-2.04 TB/s"],
    [1.41e-6, "s", "1.41 µs"],
    [999.9e-9, "s", "1.00 µs"],
    [5e-13, "s", "0.500 ps"],
    [1e27, "B", "1000 YB"],
    [Infinity, "B", "Infinity B"],
    [NaN, "", "NaN"],
  ])("si(%d, %j) is %j", (value, unit, text) => expect(si(value, unit)).toBe(text));

  it("rounds to three digits and never shows a thousand where a prefix is left", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-11, max: 1e26, noNaN: true }), (value) => {
        const [number, prefix = ""] = si(value).split(" ");
        const scale = {
          "": 1,
          p: 1e-12,
          n: 1e-9,
          µ: 1e-6,
          m: 1e-3,
          k: 1e3,
          M: 1e6,
          G: 1e9,
          T: 1e12,
          P: 1e15,
          E: 1e18,
          Z: 1e21,
          Y: 1e24,
        }[prefix]!;
        expect(Number(number)).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(Number(number)).toBeLessThan(1000);
        expect(Math.abs((Number(number) * scale) / value - 1)).toBeLessThanOrEqual(0.0051);
      }),
    );
  });
});

describe("binary(value)", () => {
  it.each([
    [50_331_648, "48.0 MiB"],
    [1024, "1.00 KiB"],
    [1023, "1023 B"],
    [80e9, "74.5 GiB"],
    [0, "0 B"],
    [2 ** 62, "4.00 EiB"],
  ])("binary(%d) is %j", (value, text) => expect(binary(value)).toBe(text));
});

describe("significant(value, digits)", () => {
  it.each([
    [163.888, 4, "163.9"],
    [34, 3, "34.0"],
    [123456, 3, "123456"],
    [0.000123456, 3, "0.000123"],
    [-0.5, 3, "-0.500"],
    [0, 3, "0"],
  ])("significant(%d, %d) is %j", (value, digits, text) => expect(significant(value, digits)).toBe(text));
});

it("grouped(n) separates thousands", () => {
  expect(grouped(7_267_221_504)).toBe("7,267,221,504");
  expect([grouped(0), grouped(-1234.5), grouped(999)]).toEqual(["0", "-1,234.5", "999"]);
});

it("formatTime(seconds) picks the prefix", () => {
  expect([formatTime(1.41e-6), formatTime(0.0238), formatTime(60)]).toEqual(["1.41 µs", "23.8 ms", "60.0 s"]);
});
