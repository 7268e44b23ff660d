import { describe, expect, it } from "vitest";
import { compare, type Progress } from "../../lib/index.js";
import { sink } from "../../lib/measure/candidate.js";
import { laboratory } from "../support/clock.js";

const quiet = { sampleSeconds: 1e-3, warmUpSeconds: 0.5 };

describe("compare(candidates)", () => {
  it("gives the paired speedup over the first candidate", async () => {
    const { now, takes } = laboratory();
    const { rows, reference, refusal, rounds, discarded } = await compare(
      { slow: takes(0.004), fast: takes(0.001) },
      { ...quiet, now, probe: takes(1e-4), rounds: 7 },
    );
    expect(refusal).toBeUndefined();
    expect({ reference, rounds, discarded }).toEqual({ reference: "slow", rounds: 7, discarded: 0 });
    expect(rows.map(({ name, speedup }) => [name, Number(speedup!.toFixed(6))])).toEqual([
      ["slow", 1],
      ["fast", 4],
    ]);
    expect(rows[1]!.seconds).toBeCloseTo(0.001, 9);
    expect(rows[1]!.samples).toHaveLength(7);
  });

  it("repeats a short candidate until a sample is long enough for the clock", async () => {
    const { now, takes } = laboratory();
    let calls = 0;
    const short = takes(1e-5);
    await compare(
      {
        short: () => {
          calls++;
          return short();
        },
      },
      { ...quiet, now, probe: takes(1e-4), rounds: 3 },
    );
    expect(calls).toBeGreaterThan(3 * 100);
  });

  it("begins a short sample with calls that do not count: the first after another's turn are slow", async () => {
    const { now, takes } = laboratory();
    let turn = "";
    const after = (name: string, seconds: number, cold: number) =>
      takes(() => {
        const slow = turn !== name;
        turn = name;
        return slow ? cold : seconds;
      });
    const { rows } = await compare(
      { a: after("a", 5e-4, 2e-3), b: after("b", 5e-4, 2e-3), long: after("long", 0.05, 0.1) },
      { ...quiet, now, probe: takes(1e-4), rounds: 5 },
    );
    expect(rows.map(({ seconds }) => Number(seconds.toFixed(6)))).toEqual([5e-4, 5e-4, 0.1]);
  });

  it("pairs rounds, so that a drift of the whole machine leaves the ratio alone", async () => {
    const { now, takes } = laboratory();
    let drift = 1;
    const a = takes(() => 0.002 * drift);
    const b = takes(() => 0.001 * drift);
    let round = 0;
    const { rows, refusal } = await compare(
      { a, b },
      {
        ...quiet,
        now,
        probe: takes(1e-4),
        rounds: 9,
        random: () => {
          drift = 1 + 0.04 * round++;
          return 0.99;
        },
      },
    );
    expect(refusal).toBeUndefined();
    expect(rows[1]!.speedup).toBeCloseTo(2, 1);
    expect(rows[0]!.spread).toBeGreaterThan(0.05);
  });

  it("discards the rounds in which the probe moved", async () => {
    const { now, takes } = laboratory();
    let round = 0;
    let disturbed = false;
    const options = {
      ...quiet,
      now,
      probe: takes(() => (disturbed ? 5e-4 : 1e-4)),
      rounds: 8,
      random: () => {
        disturbed = round++ % 5 === 1;
        return 0;
      },
    };
    const { rows, discarded, rounds } = await compare(
      { a: takes(() => (disturbed ? 0.05 : 0.002)), b: takes(0.001) },
      options,
    );
    expect(rounds).toBe(8);
    expect(discarded).toBeGreaterThan(0);
    expect(Math.max(...rows[0]!.samples)).toBeCloseTo(0.002, 9);
  });

  it("refuses a verdict when the ratios spread", async () => {
    const { now, takes } = laboratory();
    let n = 0;
    const { rows, refusal } = await compare(
      { a: takes(() => 0.001 * (1 + (n++ % 4))), b: takes(0.001) },
      { ...quiet, now, probe: takes(1e-4), rounds: 12, sampleSeconds: 1e-6 },
    );
    expect(refusal).toMatch(
      new RegExp(
        /^compare: this machine is too noisy now: the middle half of the ratios spreads over \d+ % /.source +
          /of their median, at most 20 % is accepted$/.source,
      ),
    );
    for (const row of rows) expect(row.speedup).toBeUndefined();
  });

  it("refuses a verdict when nearly every round was disturbed", async () => {
    const { now, takes } = laboratory();
    let n = 0;
    const { refusal } = await compare(
      { a: takes(0.001), b: takes(0.001) },
      { ...quiet, now, probe: takes(() => (n++ % 4 < 2 ? 1e-3 : 3e-3)), rounds: 6 },
    );
    expect(refusal).toMatch(/too noisy now/);
  });

  it("takes the difference over the repeats where a candidate has a baseline", async () => {
    const { now, takes } = laboratory();
    const overhead = 0.003;
    const { rows } = await compare(
      { op: { run: takes(overhead + 10 * 0.001), baseline: takes(overhead + 2 * 0.001), repeats: 8 } },
      { ...quiet, now, probe: takes(1e-4), rounds: 3 },
    );
    expect(rows[0]!.seconds).toBeCloseTo(0.001, 9);
  });

  it("keeps results as a sink and refuses candidates that differ", async () => {
    const { now, takes } = laboratory();
    await compare({ a: takes(0.001, 42) }, { ...quiet, now, probe: takes(1e-4), rounds: 1 });
    expect(sink.value).toBeDefined();
    await expect(
      compare({ a: takes(0.001, 1), b: takes(0.001, 2) }, { ...quiet, now, probe: takes(1e-4), rounds: 3 }),
    ).rejects.toThrow("compare: b must give what a gives, got another result");
    await expect(
      compare(
        { a: takes(0.001, Float32Array.of(1, 2)), b: takes(0.001, Float32Array.of(1, 2.1)) },
        { ...quiet, now, probe: takes(1e-4), rounds: 3 },
      ),
    ).rejects.toThrow("compare: b must give");
    await expect(
      compare({ a: takes(0.001, 1), b: takes(0.001, NaN) }, { ...quiet, now, probe: takes(1e-4), rounds: 3 }),
    ).rejects.toThrow("compare: b must give");
  });

  it("reports progress at most ten times a second, the end always", async () => {
    const { now, takes } = laboratory();
    const seen: Progress[] = [];
    await compare(
      { a: takes(0.013), b: takes(0.017) },
      { ...quiet, now, probe: takes(1e-4), rounds: 40, onProgress: (p) => seen.push(p) },
    );
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)!.fraction).toBe(1);
    for (let i = 1; i < seen.length - 1; i++) {
      expect(seen[i]!.seconds - seen[i - 1]!.seconds).toBeGreaterThanOrEqual(0.1 - 1e-9);
      expect(seen[i]!.fraction).toBeGreaterThanOrEqual(seen[i - 1]!.fraction);
    }
  });

  it("stops when its budget is spent, and when its signal says so", async () => {
    const { now, takes } = laboratory();
    const start = now();
    const { rounds } = await compare(
      { a: takes(0.1), b: takes(0.1) },
      { now, probe: takes(1e-4), rounds: 1000, budgetSeconds: 4 },
    );
    expect(now() - start).toBeLessThan(5);
    expect(rounds).toBeLessThan(30);
    const controller = new AbortController();
    const work = takes(0.01);
    let calls = 0;
    await expect(
      compare(
        {
          a: () => {
            if (++calls === 40) controller.abort();
            return work();
          },
        },
        { now, probe: takes(1e-4), rounds: 1000, budgetSeconds: 1000, signal: controller.signal },
      ),
    ).rejects.toThrow(/abort/i);
    expect(calls).toBeLessThan(60);
  });

  it("lets the event loop turn between rounds, so that a notebook stays interruptible", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const spin = () => {
      const end = performance.now() + 2;
      while (performance.now() < end);
      return 1;
    };
    await compare({ spin }, { rounds: 10, sampleSeconds: 1e-4, warmUpSeconds: 0.01 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(4);
  });

  it("refuses what is no function", async () => {
    await expect(compare({ a: 3 as never })).rejects.toThrow("compare: a must be a function, got 3");
    await expect(compare({})).rejects.toThrow(RangeError);
  });
});
