import { describe, expect, it } from "vitest";
import { cost, matmulIjk, matmulLadder, nativeMissing } from "../../lib/index.js";

// Values are multiples of 1/8, so every sum is exact in fp32 and equality may be asked for, whatever the order of the
// additions.
const shapes = [
  { m: 1, n: 1, k: 1 },
  { m: 3, n: 5, k: 7 },
  { m: 4, n: 8, k: 16 },
  { m: 5, n: 9, k: 1 },
  { m: 1, n: 17, k: 300 },
  { m: 61, n: 1, k: 63 },
  { m: 67, n: 71, k: 257 },
  { m: 241, n: 23, k: 513 },
  { m: 2, n: 130, k: 255 },
];
const missing = await nativeMissing();

describe("every rung of the matmul ladder equals matmul/ijk on odd sizes", () => {
  for (const kernel of matmulLadder.slice(1)) {
    it.skipIf(kernel.engine === "native" && missing)(kernel.name, async () => {
      for (const shape of shapes) {
        const reference = await matmulIjk.prepare(shape);
        const args = await kernel.prepare(shape);
        const expected = await matmulIjk.run(reference);
        // A second run must not add to the first.
        await kernel.run(args);
        expect(await kernel.run(args), `${kernel.name} ${JSON.stringify(shape)}`).toEqual(expected);
        await kernel.release?.(args);
      }
    });
  }
});

describe("a matmul kernel", () => {
  it("carries its op, so that nobody types 2·m·n·k", () => {
    for (const kernel of matmulLadder)
      expect(cost(kernel.op({ m: 3, n: 5, k: 7 }))).toMatchObject({
        macs: 105,
        bytesRead: 4 * (21 + 35),
        bytesWritten: 4 * 15,
      });
  });
  it("refuses what it does not compute", () => {
    expect(() => matmulIjk.prepare({ m: 2, n: 2, k: 2, batch: 3 })).toThrow("matmul/ijk: batch must be 1, got 3");
    expect(() => matmulIjk.prepare({ m: 2, n: 2, k: 2, dtype: "fp16" })).toThrow("matmul/ijk: dtype must be fp32");
    expect(() => matmulIjk.prepare({ m: 2.5, n: 2, k: 2 })).toThrow(RangeError);
  });
  it("gives the sum that paper gives", async () => {
    const args = await matmulIjk.prepare({ m: 2, n: 2, k: 2 });
    args.a.set([1, 2, 3, 4]);
    args.b.set([5, 6, 7, 8]);
    expect([...((await matmulIjk.run(args)) as Float32Array)]).toEqual([19, 22, 43, 50]);
  });
});
