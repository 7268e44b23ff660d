// Coarse clocks, as browsers have them, and clocks that jump: the step is seen, and samples are long enough for it.
import { describe, expect, it } from "vitest";
import { measure, measureMachine, timeFunction } from "../../lib/index.js";
import { matmulIjk } from "../../lib/kernels/index.js";
import { manySteps, sampleOf, shortest, stepOf } from "../../lib/measure/clock.js";
import { timeAgainstWork } from "../../lib/measure/invariants.js";

/** A clock of `step` seconds, moved by work, and a little by every look; `jump` moves it once more at a reading. */
function coarse(step: number, jump: (reading: number) => number = () => 0) {
  let time = 0;
  let readings = 0;
  return {
    now: () => {
      time += step / 50 + jump(++readings);
      return Math.floor(time / step) * step;
    },
    works: (seconds: number) => {
      time += seconds;
    },
  };
}

describe.each([5e-6, 100e-6, 1e-3])("by a clock of %d s steps", (step) => {
  it("the step is seen, and a sample is many of them long, or as long as it was meant to be", () => {
    const { now } = coarse(step);
    expect(stepOf(now)).toBeCloseTo(step, 9);
    expect(sampleOf(1e-9, now)).toBeCloseTo(manySteps * step, 9);
    expect(sampleOf(0.5, now)).toBe(0.5);
  });

  it.each([1e-8, 3e-6, 2e-3])("work of %d s comes out as long as it is, within one step of a sample", (seconds) => {
    const { now, works } = coarse(step);
    const least: number[] = [];
    const work = (count: number): void => {
      least.push(count * seconds);
      works(count * seconds);
    };
    const found = shortest(work, { samples: 5, sampleSeconds: 1e-4, now, most: 2 ** 30 });
    expect(Math.abs(found / seconds - 1)).toBeLessThan(1.1 / manySteps);
    expect(Math.min(...least.slice(-5))).toBeGreaterThan((manySteps - 2) * step);
  });

  it("a kernel that takes less than a step is repeated until the clock sees it", async () => {
    const { now, works } = coarse(step);
    const kernel = { ...matmulIjk, prepare: () => 0, run: () => (works(2e-6), 0) };
    const probe = (): void => works(1e-4);
    const { seconds, samples } = await measure(
      kernel,
      { m: 2, n: 2, k: 2 },
      { now, probe, rounds: 5, budgetSeconds: 60 },
    );
    expect(samples).toHaveLength(5);
    expect(Math.abs(seconds / 2e-6 - 1)).toBeLessThan(2 / manySteps);
    expect(timeFunction(() => works(2e-6), { now, budgetSeconds: 60 }).resolution).toBeCloseTo(step, 9);
  });
});

describe("a clock that jumps", () => {
  it.each([
    ["ahead, as after a sleep", 3],
    ["back", -0.02],
  ])("%s spoils no figure: what it cut is taken again, the shortest of the rest counts", (_, jump) => {
    const { now, works } = coarse(1e-4, (reading) => (reading % 23 === 0 ? jump : 0));
    const found = shortest((count) => works(count * 1e-5), { samples: 7, sampleSeconds: 1e-3, now });
    expect(Math.abs(found / 1e-5 - 1)).toBeLessThan(1.1 / manySteps);
  });

  it("back makes no time negative", async () => {
    const { now, works } = coarse(1e-5, (reading) => (reading % 101 === 0 ? -0.05 : 0));
    const kernel = { ...matmulIjk, prepare: () => 0, run: () => (works(1e-3), 0) };
    const { samples } = await measure(kernel, { m: 2, n: 2, k: 2 }, { now, probe: () => works(1e-3), tolerance: 9 });
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.filter((seconds) => seconds < 0)).toEqual([]);
  });
});

describe("a clock that is none to measure by", () => {
  it("of steps so long that samples would take seconds is refused in one sentence", async () => {
    const start = performance.now();
    const now = (): number => Math.floor((performance.now() - start) / 16.7) * 16.7e-3;
    await expect(measureMachine({ quick: true, now })).rejects.toThrow(
      /^measure: the clock must move in steps of 2.00 ms or less, got (16\.7|33\.4) ms: this browser makes it coarse /,
    );
  });

  it("of a moment that never ends is refused where it stands", () => {
    expect(() => shortest(() => 0, { samples: 3, sampleSeconds: 1e-3, now: () => 7 })).toThrow(
      "measure: the clock must move on while work is done, got no sample that it saw",
    );
  });
});

it("four times as much work takes about four times as long, or the figures must not be believed", () => {
  expect([timeAgainstWork(1, 4, 4), timeAgainstWork(1, 2.1, 4), timeAgainstWork(1, 7.9, 4)]).toEqual(
    Array(3).fill(undefined),
  );
  expect(timeAgainstWork(1, 1, 4)).toBe("4 times as much work came out to take 1.00 times as long");
  expect(timeAgainstWork(1, 9, 4)).toMatch(/9\.00 times/);
  expect(timeAgainstWork(Infinity, Infinity, 4)).toMatch(/NaN times/);
});
