// Measurements that contradict physics are refused, and a recorded run is shown instead.
import { describe, expect, it } from "vitest";
import { measure, measured, measureMachine, measurePoints, reluNative, type Machine } from "../../lib/index.js";
import { laboratory } from "../support/clock.js";
import { hears, other, recording, said } from "./recording.js";

hears();

describe("an impossible measurement", () => {
  it(
    "of a machine by a clock that every look moves on by as much is refused: the larger a set, the faster it came out",
    { timeout: 120_000 },
    async () => {
      let looks = 0;
      const machine = await measureMachine({ quick: true, threads: 1, now: () => ++looks * 2e-3, budgetSeconds: 1e6 });
      expect(machine.refusal).toMatch(/^\S+ came out to read at .+B\/s, \S+ before it at .+B\/s, on one thread$/);
      const result = await measured("this machine", () => machine, {
        records: recording("this machine", { ...machine, refusal: undefined, seconds: 4 }),
      });
      expect(result).toMatchObject({ seconds: 4, recorded: other });
      expect(said[0]).toMatch(/^this machine: recorded run\. \S+ came out to read at/);
    },
  );

  const level = (name: string, bytes: number, rate: number) => ({
    level: name,
    bytes,
    read: rate,
    lines: rate,
    copy: rate,
    triad: rate,
    update: rate,
    latency: 1e-9,
  });
  const levels = [level("L1", 2 ** 15, 100e9), level("DRAM", 2 ** 34, 20e9)];
  const oneThread = {
    id: "one",
    name: "one",
    kind: "cpu" as const,
    peakFlops: { fp32: 1e9 },
    roofs: { javascript: 1e9, wasm: 1e9, native: 1e9 },
    bandwidth: 20e9,
    levels,
    sources: {},
  };
  const row = {
    bytes: 2 ** 28,
    threads: 1,
    read: 1e6,
    lines: 1e6,
    copy: 1e6,
    triad: 1e6,
    update: 1e6,
    copyLines: 1e6,
    triadLines: 1e6,
    updateLines: 1e6,
  };
  const slowMachine: Machine = { ...oneThread, oneThread, threads: 1, curve: [row], noise: 0, notes: [], seconds: 0 };

  it("of a kernel that took less than nothing is refused", async () => {
    const { now, takes } = laboratory();
    const kernel = {
      ...reluNative,
      prepare: () => 0,
      run: takes(() => 1e-3),
      slope: () => ({ baseline: takes(() => 2e-3), repeats: 4 }),
      release: () => {},
    };
    await expect(measure(kernel, { rows: 8, columns: 8 }, { now, probe: takes(() => 1e-4) })).rejects.toThrow(
      new RegExp(
        /^measure: this machine is too noisy now: relu\/native came out to take -250 µs, its /.source +
          /baseline more than the whole$/.source,
      ),
    );
  });

  it("of kernels that the budget does not reach is refused", async () => {
    let time = 0;
    const now = () => {
      time += 1e-4;
      return time;
    };
    const run = () => {
      time += 0.5;
      return 0;
    };
    const kernel = { ...reluNative, prepare: () => 0, run, slope: undefined, release: () => {} };
    const points = ["first", "second", "third"].map((name) => ({ name, kernel, shape: { rows: 8, columns: 8 } }));
    const placed = await measurePoints(slowMachine, { points, now, budgetSeconds: 1 });
    if (placed.missing === undefined)
      expect(placed.refusal).toMatch(/^the budget of 1 s ended after [12] of 3 kernels$/);
  });
});
