import { describe, expect, it } from "vitest";
import { timeFunction } from "../../lib/index.js";
import { pairedRatio, statistics } from "../../lib/measure/stats.js";
import { sink } from "../../lib/measure/candidate.js";

/** A clock in steps, moved by work alone, and by a nanosecond a look so that it is never stuck. */
function clock({ step = 1e-6, look = 1e-9 } = {}) {
  let t = 0;
  const now = () => {
    t += look;
    return Math.floor(t / step + 1e-9) * step;
  };
  return {
    now,
    takes:
      (seconds: number | (() => number), result: unknown = 0) =>
      () => {
        t += typeof seconds === "number" ? seconds : seconds();
        return result;
      },
  };
}

describe("timeFunction(fn, options)", () => {
  it("gives the median seconds per call", () => {
    const { now, takes } = clock();
    const t = timeFunction(takes(1e-3), { now, samples: 9 });
    expect(t.seconds).toBeCloseTo(1e-3, 7);
    expect(t.samples).toHaveLength(9);
    expect(t.warnings).toEqual([]);
    expect(t.min).toBeLessThanOrEqual(t.seconds);
    expect(t.max).toBeGreaterThanOrEqual(t.seconds);
  });
  it("repeats what is shorter than the clock's step until a sample is long", () => {
    const { now, takes } = clock({ step: 1e-4, look: 1e-6 });
    const t = timeFunction(takes(1e-7), { now, budgetSeconds: 100 });
    expect(t.seconds).toBeCloseTo(1e-7, 8);
    expect(t.repeatsPerSample * 1e-7).toBeGreaterThanOrEqual(100 * 1e-4 - 1e-4);
    expect(t.resolution).toBeCloseTo(1e-4, 6);
  });
  it("leaves the slow first calls out", () => {
    const { now, takes } = clock();
    let call = 0;
    expect(
      timeFunction(
        takes(() => (call++ < 10 ? 0.01 : 1e-3)),
        { now, warmup: 10 },
      ).max,
    ).toBeCloseTo(1e-3, 6);
  });
  it("takes the median, not the mean, and says when samples spread", () => {
    const { now, takes } = clock();
    let call = 0;
    const t = timeFunction(
      takes(() => (call++ % 2 ? 3e-3 : 5e-3)),
      { now, samples: 15, minSampleSeconds: 1e-3 },
    );
    expect([t.min, t.max].map((s) => Number(s.toFixed(4)))).toEqual([0.003, 0.005]);
    expect(t.warnings.some((w) => w.includes("spreads"))).toBe(true);
  });
  it("keeps the result where it can be read", () => {
    const { now, takes } = clock();
    const result = { kept: true };
    timeFunction(takes(1e-3, result), { now });
    expect(sink.value).toBe(result);
  });
  it("stops at the budget and says so, but always takes one sample", () => {
    const { now, takes } = clock();
    const t = timeFunction(takes(1), { now, samples: 50, budgetSeconds: 3 });
    expect(t.samples.length).toBeLessThan(5);
    expect(t.warnings.some((w) => w.startsWith("the budget of 3 s ended after"))).toBe(true);
    expect(timeFunction(takes(10), { now, budgetSeconds: 1 }).samples).toHaveLength(1);
  });
  it("refuses a time that the clock cannot see", () => {
    const { now } = clock({ step: 1, look: 1e-5 });
    expect(() => timeFunction(() => 0, { now, budgetSeconds: 100 })).toThrow(
      /^timeFunction: a sample must take 10 steps of the clock \(.* s each\), got 0 s for 16777216 calls$/,
    );
    expect(() => timeFunction(() => 0, { now: () => 7 })).toThrow(
      new RangeError("timeFunction: now must move, got 7 a million times"),
    );
  });
  it.each([
    [undefined, {}, TypeError, "timeFunction: fn must be a function, got undefined"],
    [() => 1, { samples: 0 }, RangeError, "timeFunction: samples must be a positive integer, got 0"],
    [() => 1, { warmup: -1 }, RangeError, "timeFunction: warmup must be a non-negative integer, got -1"],
    [
      () => 1,
      { minSampleSeconds: NaN },
      RangeError,
      "timeFunction: minSampleSeconds must be a positive number of seconds, got NaN",
    ],
    [() => Promise.resolve(), {}, TypeError, "timeFunction: fn must be synchronous, got a promise"],
  ])("refuses %s with %j", (fn, options, kind, message) => {
    expect(() => timeFunction(fn as never, options)).toThrow(new (kind as typeof RangeError)(message));
  });
});

describe("statistics(samples) and pairedRatio(a, b)", () => {
  it("are order statistics by hand", () => {
    expect(statistics([5, 1, 4, 2, 3])).toEqual({ median: 3, min: 1, max: 5, quartiles: [2, 4], spread: 2 / 3 });
    expect(statistics([1, 2]).median).toBe(1.5);
    expect(statistics(new Array<number>(200_000).fill(2)).max).toBe(2);
  });
  it("pair by round: a drift of the machine leaves the ratio alone", () => {
    const drift = [1, 2, 4, 8];
    expect(
      pairedRatio(
        drift.map((d) => 3 * d),
        drift,
      ),
    ).toMatchObject({ median: 3, min: 3, max: 3, spread: 0 });
  });
  it("refuse nothing, the not finite, and what is not paired", () => {
    expect(() => statistics([])).toThrow(RangeError);
    expect(() => statistics([1, NaN])).toThrow("statistics: samples must be one or more finite numbers, got [1,null]");
    expect(() => pairedRatio([1, 2], [1])).toThrow("pairedRatio: both lists must have as many samples, got 2 and 1");
  });
});
