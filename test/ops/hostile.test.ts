// Shapes that nobody should ask for, thrown at every layer: counts that are whole numbers, or the house's one line, and
// soon, however large a number is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, cost, layerNames, layersByName } from "../../lib/index.js";

const bare = Object.freeze(Object.create(null) as object);
const hole = Object.assign([], { 1: 1, length: 2 });
const sizes = [1, 2, 3, 7, 64, 2 ** 20 + 1, 2 ** 31, 4.5e15, Number.MAX_SAFE_INTEGER];
const notSizes = [0, -0, -1, 0.5, 1.5, NaN, Infinity, -Infinity, 2 ** 53, 1e308, 5e-324, 10n, Symbol("s")];
const others = [null, undefined, true, false, "", "4", "same", "valid", "sameUpper", "toString", "__proto__", () => 1];
const objects = [{}, [], bare, hole, [[]], [1], [1, 2], [2 ** 31, 1], [1, 2, 3], [[1, 2]], [bare], { length: 2 }];

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...sizes) },
  { weight: 1, arbitrary: fc.constantFrom(...notSizes) },
  { weight: 1, arbitrary: fc.constantFrom(...others) },
  { weight: 1, arbitrary: fc.constantFrom(...objects) },
);

describe.each(layerNames)("%s", (name) => {
  const layer = layersByName[name];
  const keys = [...Object.keys(layer.shapeKeys), "dtype", "weightDtype", "groupSize", "novel"];
  const change = fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), value), {
    selector: ([key]) => key,
    minLength: 1,
    maxLength: 4,
  });

  it("counts in whole numbers or refuses in one line, and quickly", () => {
    fc.assert(
      fc.property(change, (changed) => {
        let message: string | undefined;
        try {
          const op = layer({ ...layer.example, ...Object.fromEntries(changed) });
          for (const each of [op, ...backward(op)]) {
            const { macs, flops, transcendentals, params, bytesRead, bytesWritten } = cost(each);
            for (const n of [macs, flops, transcendentals, params, bytesRead, bytesWritten])
              expect(Number.isInteger(n) && n >= 0, `${String(n)} in ${each.kind}`).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
          message = error.message;
        }
        if (message !== undefined) expect(message).toMatch(/^[\w.]+: [^\n]* must [^\n]*, got [^\n]+$/);
      }),
      { numRuns: 60, seed: 20261127 },
    );
    // A loop over one of the numbers takes minutes.
  }, 30_000);
});

describe("a number of any size", () => {
  it("gives an adaptive pool's taps in closed form, and a transposed convolution takes padding valid", () => {
    const pooled = layersByName.adaptiveAvgPool({ channels: 1, length: 6, outputSize: 4_500_000_000_000_000 } as never);
    expect(pooled.extras).toEqual({ pool: 4_500_000_000_000_000 });
    const { example } = layersByName.convTranspose2d;
    expect(layersByName.convTranspose2d({ ...example, padding: "valid" } as never).outputs).toEqual(
      layersByName.convTranspose2d({ ...example, padding: 0 } as never).outputs,
    );
  });

  it.each([
    ["lstm", { numLayers: 9e15 }, "lstm: numLayers must be at most 10000, got 9000000000000000"],
    ["tokenShift", { mixes: 2 ** 31 }, "tokenShift: mixes must be at most 10000, got 2147483648"],
    [
      "conv1d",
      { kernelSize: 2 ** 31, length: 2 ** 31, exactPadding: true },
      "conv1d: kernelSize must be at most 1048576 for exactPadding, got 2147483648",
    ],
    ["relu", { shape: hole }, "relu: shape[0] must be a positive integer, got undefined"],
  ] as const)("%s refuses %j", (name, changed, message) => {
    expect(() => layersByName[name]({ ...layersByName[name].example, ...changed })).toThrow(message);
  });
});
