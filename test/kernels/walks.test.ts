import { describe, expect, it } from "vitest";
import { matmulIjk } from "../../lib/index.js";
import { cores, pool } from "../../lib/kernels/pool.js";
import { loopOrders } from "../../lib/kernels/walks.js";
import * as walks from "../../lib/kernels/walks.js";
import { workspace, workspaceBytes } from "../../lib/kernels/wasm/workspace.js";
import { fill, filled } from "../../lib/kernels/fill.js";

const space = workspace(workspaceBytes(...Array.from({ length: 64 }, () => 8192)));
const put = (count: number, seed: number) => {
  const floats = space.floats(count);
  fill(floats.values, seed);
  return floats;
};

describe("a walk in WebAssembly equals the walk in JavaScript, and the plain loop, on odd sizes", () => {
  it("strided", () => {
    const x = put(8192, 1);
    const y = filled(8192, 1);
    for (const n of [1, 2, 3, 4, 5, 63, 130])
      for (const stride of [1, 2, 7, 61]) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += y[i * stride]!;
        expect(space.kernels.strided(x.at, n, stride, 3)).toBe(sum);
        expect(walks.strided(y, 0, n, stride, 3)).toBe(sum);
      }
  });
  it("sum3 in any order of the dimensions", () => {
    const x = put(3 * 5 * 7, 2);
    const y = filled(3 * 5 * 7, 2);
    const total = y.reduce((s, v) => s + v, 0);
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const sizes = order.map((d) => [3, 5, 7][d]!);
      const strides = order.map((d) => [35, 7, 1][d]!);
      expect(
        space.kernels.sum3(x.at, ...(sizes as [number, number, number]), ...(strides as [number, number, number])),
      ).toBe(total);
      expect(walks.sum3(y, sizes, strides)).toBe(total);
    }
  });
  it("transposes: by rows, by columns, tiled, SIMD", () => {
    for (const [rows, columns] of [
      [1, 1],
      [3, 5],
      [4, 4],
      [8, 12],
      [7, 64],
      [65, 33],
      [31, 66],
    ] as const) {
      const x = put(rows * columns, 3);
      const source = filled(rows * columns, 3);
      const expected = Float32Array.from(
        { length: rows * columns },
        (_, at) => source[(at % rows) * columns + Math.floor(at / rows)]!,
      );
      for (const name of ["transposeByRows", "transposeByColumns", "transposeTiled", "transposeSimd"] as const)
        for (const tile of [4, 16, 32, 6]) {
          const y = space.floats(rows * columns);
          (space.kernels[name] as (...list: number[]) => void)(y.at, x.at, rows, columns, tile);
          expect(y.values, `${name} ${rows}×${columns}, tiles of ${tile}`).toEqual(expected);
          if (name === "transposeSimd") continue;
          const ours = new Float32Array(rows * columns);
          (walks[name] as typeof walks.transposeTiled)(ours, source, rows, columns, tile);
          expect(ours).toEqual(expected);
          if (name !== "transposeTiled") break;
        }
    }
  });
  it("the six loop orders give what matmul/ijk gives", async () => {
    const shape = { m: 5, n: 7, k: 9 };
    const args = await matmulIjk.prepare(shape);
    const expected = (await matmulIjk.run(args)) as Float32Array;
    const a = put(45, 1);
    const b = put(63, 2);
    expect(Object.keys(loopOrders(shape))).toEqual(["ijk", "ikj", "jik", "jki", "kij", "kji"]);
    for (const [order, steps] of Object.entries(loopOrders(shape))) {
      const c = space.floats(35);
      const ours = new Float32Array(35);
      space.kernels.nest(
        c.at,
        a.at,
        b.at,
        ...([...steps.sizes, ...steps.c, ...steps.a, ...steps.b] as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ]),
      );
      walks.nest(ours, filled(45, 1), filled(63, 2), steps);
      expect(c.values, order).toEqual(expected);
      expect(ours, order).toEqual(expected);
    }
  });
  it("chase follows a chain of addresses", () => {
    const x = space.floats(64);
    const words = new Uint32Array(x.values.buffer, x.at, 64);
    [0, 3, 1, 2].forEach((place, i, all) => {
      words[place * 16] = x.at + all[(i + 1) % 4]! * 64;
    });
    expect(space.kernels.chase(x.at, 8)).toBe(x.at);
    const odd = space.floats(48);
    const links = new Uint32Array(odd.values.buffer, odd.at, 48);
    [0, 2, 1].forEach((place, i, all) => {
      links[place * 16] = odd.at + all[(i + 1) % 3]! * 64;
    });
    expect(space.kernels.chase(odd.at, 8)).toBe(odd.at + 1 * 64); // eight steps along 0 -> 2 -> 1 -> 0
  });
  it("chaseMany follows several chains, each as many steps, and leaves them where they came", () => {
    const x = space.floats(80);
    const words = new Uint32Array(x.values.buffer, x.at, 80);
    [0, 3, 1, 4, 2].forEach((place, i, all) => {
      words[place * 16] = x.at + all[(i + 1) % 5]! * 64;
    });
    const own = space.floats(3);
    const slots = new Uint32Array(own.values.buffer, own.at, 3);
    const places = (): number[] => [...slots].map((address) => (address - x.at) / 64);
    slots.set([0, 3, 2].map((place) => x.at + place * 64));
    space.kernels.chaseMany(own.at, 3, 3); // along 0 -> 3 -> 1 -> 4 -> 2 -> 0
    expect(places()).toEqual([4, 2, 1]);
    space.kernels.chaseMany(own.at, 2, 1);
    expect(places(), "the third stays").toEqual([2, 0, 1]);
  });
});

describe("a pool", () => {
  it("counts on one address from every thread without losing an addition", async () => {
    const own = workspace(workspaceBytes(64));
    const counter = own.floats(64);
    const threads = await pool(own, { threads: 3 });
    for (let round = 0; round < 20; round++) threads.run("count", () => [counter.at, 1000]);
    expect(new Int32Array(counter.values.buffer, counter.at, 1)[0]).toBe(60000);
    threads.close();
  });
  it("runs on one thread without a worker, and on all cores", async () => {
    for (const count of [1, cores()]) {
      const own = workspace(workspaceBytes(1000));
      const x = own.floats(1000);
      const threads = await pool(own, { threads: count });
      x.values.fill(1);
      expect(threads.run("read", () => [x.at, 1000, 1, 0])).toEqual(Array(count).fill(1000));
      threads.close();
    }
  });
  it("reports a trap in a worker as not a number instead of waiting for ever", async () => {
    const own = workspace(65536 * 2);
    const threads = await pool(own, { threads: 2 });
    expect(threads.run("read", (thread) => (thread === 0 ? [65536, 1, 1, 0] : [4294966272, 28, 1, 0]))).toEqual([
      0,
      NaN,
    ]);
    threads.close();
  });
});

describe("a workspace", () => {
  it("pads arrays off powers of two, so that equal places do not share a cache set", () => {
    const own = workspace(workspaceBytes(4096, 4096, 4096));
    const [a, b, c] = [own.floats(4096), own.floats(4096), own.floats(4096)];
    for (const { at } of [a, b, c]) expect(at % 64).toBe(0);
    expect((b.at - a.at) % 4096).not.toBe(0);
    expect((c.at - b.at) % 4096).not.toBe(0);
  });
  it("refuses what it cannot hold", () => {
    expect(() => workspace(65536 * 2).floats(1e6)).toThrow(/workspace: arrays must fit 131072 bytes/);
    expect(() => workspace(2 ** 33)).toThrow(/workspace: bytes must be at most 4294967296/);
    expect(() => workspace(0)).toThrow(RangeError);
  });
});
