// A product by tiles: its steps against a sum over all elements, its bytes against algebra and against the layer.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tilingExplorer } from "../../lib/lesson/index.js";
import { tiledProduct, tileSteps } from "../../lib/lesson/tiledProduct.js";
import { tilingFigures } from "../../lib/lesson/tilingExplorer.js";
import { bytesMoved, cost } from "../../lib/op.js";
import { matmul } from "../../lib/ops/index.js";

const shapes = fc.record({ tile: fc.integer({ min: 1, max: 9 }), count: fc.integer({ min: 1, max: 7 }) });

describe("tiledProduct(shape)", () => {
  it("does the multiply-adds of the layer, and moves two tiles a step and C once", () => {
    fc.assert(
      fc.property(shapes, ({ tile, count }) => {
        const size = tile * count;
        const { macs, moved, compulsory, held } = tiledProduct({ size, tile, elementBytes: 2 });
        const layer = matmul({ m: size, n: size, k: size, dtype: "bf16" });
        expect(macs).toBe(layer.macs);
        expect(compulsory).toBe(bytesMoved(cost(layer)));
        expect(moved).toBe(2 * ((2 * size ** 3) / tile + size ** 2));
        expect(held).toBe(2 * 3 * tile ** 2);
      }),
    );
  });
  it("multiplies each pair of tiles once, and fetches what it does not hold", () => {
    const steps = [...tileSteps({ size: 12, tile: 4 })];
    const keys = steps.map(({ row, column, depth }) => `${row} ${column} ${depth}`);
    expect(new Set(keys).size).toBe(27);
    expect(steps.every(({ fetchesA, fetchesB }) => fetchesA && fetchesB)).toBe(true);
    expect([...tileSteps({ size: 4, tile: 4 })]).toHaveLength(1);
  });
  it("refuses a tile that does not divide, and a size that is none", () => {
    expect(() => tiledProduct({ size: 8, tile: 3 })).toThrow(/^tileSteps: tile must divide size 8, got 3$/);
    expect(() => tiledProduct({ size: 0, tile: 1 })).toThrow(/^tileSteps: size must be a positive integer, got 0$/);
  });
});

describe("tilingExplorer()", () => {
  const explorer = tilingExplorer();
  it.each([1, 2, 4, 8])("draws every step of tiles of %i, and says their bytes", (tile) => {
    for (const way of [0, 40, 100]) {
      const { sentence, charts } = explorer.view({ tile, way });
      const { steps, at, total } = tilingFigures({ tile, way });
      expect(steps[at]).toBeDefined();
      expect(sentence).toContain(`${total.moved.toLocaleString("en-US")} move`);
      expect(charts[0]!.title).toBe(`Step ${at + 1} of ${(8 / tile) ** 3}, tiles of ${tile} × ${tile}`);
      expect(charts[0]!.description).toContain(
        `tile of A ${tile ** 2}, tile of B ${tile ** 2}, tile of C ${tile ** 2}`,
      );
    }
  });
});
