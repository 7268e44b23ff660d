import { describe, expect, it } from "vitest";
import { type PlacedRow } from "../../lib/index.js";
import { boundsBeaten, levelsOutOfOrder, machineOutOfOrder } from "../../lib/measure/invariants.js";

describe("boundsBeaten(rows)", () => {
  it("names the kernel that came furthest above its bound, or that took no time at all", () => {
    const placed = (ratio: number, seconds = 1) => ({ name: "add", ratio, seconds }) as PlacedRow;
    expect(boundsBeaten([placed(0.9), placed(1.03)])).toBeUndefined();
    expect(boundsBeaten([placed(0.9), placed(1.08)])).toBe("add came out 1.08 times as fast as its bound allows");
    expect(boundsBeaten([placed(0.5, -1e-6)])).toBe("add came out to take -1.00 µs");
    expect(boundsBeaten([placed(NaN, NaN)])).toBe("add came out to take NaN s");
  });
});

const level = (name: string, read: number, lines: number, latency: number) => ({
  level: name,
  bytes: 1,
  read: read * 1e9,
  lines: lines * 1e9,
  copy: 1,
  triad: 1,
  update: 1,
  latency: latency * 1e-9,
});
const rates = (read: number[], lines: number[], latency: number[]) =>
  read.map((r, i) => level(["L1", "L2", "L3", "DRAM"][i]!, r, lines[i]!, latency[i]!));
const good = rates([130, 131, 120, 40], [220, 210, 150, 45], [1, 3, 10, 150]);

describe("levelsOutOfOrder(levels, tolerance)", () => {
  it("names the first level in a wrong order, each count for itself, within what the machine wavers by", () => {
    expect(levelsOutOfOrder(good, 0.03)).toBeUndefined();
    expect(levelsOutOfOrder(rates([52, 85, 87, 20], [90, 85, 87, 20], [1, 3, 10, 150]), 0.1)).toBe(
      "L2 came out to read at 85.0 GB/s, L1 before it at 52.0 GB/s",
    );
    expect(levelsOutOfOrder(rates([52, 50, 49, 20], [90, 85, 97, 20], [1, 3, 10, 150]), 0.1)).toBe(
      "L3 came out to deliver lines at 97.0 GB/s, L2 before it at 85.0 GB/s",
    );
    expect(levelsOutOfOrder(rates([52, 50, 49, 20], [90, 85, 80, 20], [1, 12, 10, 150]), 0.1)).toBe(
      "L3 came out to answer in 10.0 ns, L2 before it in 12.0 ns",
    );
  });
});

describe("machineOutOfOrder(machine)", () => {
  it("looks at one thread, at all, and at what all compute beside one", () => {
    const device = {
      id: "one",
      name: "one",
      kind: "cpu" as const,
      peakFlops: {},
      bandwidth: 1,
      sources: {},
      levels: good,
    };
    const one = { ...device, roofs: { javascript: 1, wasm: 50, native: 100 } };
    const machine = {
      levels: good,
      oneThread: one,
      roofs: { javascript: 1, wasm: 90, native: 180 },
      threads: 2,
      noise: 0,
    };
    const bad = rates([50, 90, 20, 10], [90, 90, 20, 10], [1, 3, 10, 150]);
    expect(machineOutOfOrder(machine)).toBeUndefined();
    expect(machineOutOfOrder({ ...machine, oneThread: { ...one, levels: bad } })).toBe(
      "L2 came out to read at 90.0 GB/s, L1 before it at 50.0 GB/s, on one thread",
    );
    expect(machineOutOfOrder({ ...machine, levels: bad })).toBe(
      "L2 came out to read at 90.0 GB/s, L1 before it at 50.0 GB/s, on 2 threads",
    );
    expect(machineOutOfOrder({ ...machine, oneThread: { ...one, roofs: { ...one.roofs, native: 210 } } })).toBe(
      "2 threads together came out to compute 180 FLOP/s (native), one alone 210 FLOP/s",
    );
    expect(
      machineOutOfOrder({ ...machine, noise: 0.5, oneThread: { ...one, roofs: { ...one.roofs, native: 199 } } }),
      "at most 10 % are granted",
    ).toBeUndefined();
  });
});
