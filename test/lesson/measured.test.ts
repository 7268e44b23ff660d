import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  bundle,
  lineChart,
  matmulIjk,
  measure,
  measured,
  measureMachine,
  measurePoints,
  reluNative,
  rooflineChart,
  table,
  thisMachine,
  type Machine,
  type Measurement,
  type Recorded,
} from "../../lib/index.js";
import { recordFor } from "../../lib/lesson/records.js";

const other = { machine: "Another Processor 9000, 4 cores, linux x64, Node 22.0.0", date: "2026-01-02" };
const recording = (title: string, result: object): Recorded[] => [{ ...other, runs: { [title]: result } }];

/** A clock that moves only when work is done on it. */
function laboratory() {
  let time = 0;
  const takes = (seconds: () => number) => () => {
    time += seconds();
    return 0;
  };
  return { now: () => time, takes };
}

let said: string[] = [];
beforeEach(() => {
  said = [];
  vi.stubEnv("RIDGEPOINT_MEASURE", undefined);
  vi.stubEnv("RIDGEPOINT_RECORD", undefined);
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("measured(title, run)", () => {
  it("gives what was measured here, under this machine's name, and says nothing", async () => {
    const result = await measured("a figure", () => ({ seconds: 2 }), { records: [] });
    expect(result).toEqual({ seconds: 2, origin: thisMachine() });
    expect(said).toEqual([]);
  });

  it("hands the measurement its progress line", async () => {
    expect((await measured("a figure", ({ onProgress }) => ({ kind: typeof onProgress }), { records: [] })).kind).toBe(
      "function",
    );
  });

  it("gives the recorded run where every sample is disturbed, and says why, where and when in one sentence", async () => {
    const { now, takes } = laboratory();
    // The probe comes out anew at every turn: no two of its times agree within the tolerance.
    let probes = 0;
    const options = {
      now,
      probe: takes(() => 1e-4 * 2 ** probes++),
      sampleSeconds: 1e-3,
      warmUpSeconds: 0.05,
      rounds: 3,
      budgetSeconds: 0.2,
    };
    const kernel = { ...matmulIjk, prepare: () => 0, run: takes(() => 1e-3) };
    const noisy = () => measure(kernel, { m: 2, n: 2, k: 2 }, { ...options, tolerance: -1 });
    await expect(noisy()).rejects.toThrow(
      /^measure: this machine is too noisy now: all of \d+ samples of matmul\/ijk were disturbed$/,
    );
    const kept = { seconds: 1.5, samples: [1, 2] } as unknown as Measurement;
    const result = await measured("a product", noisy, { records: recording("a product", kept), now });
    expect(result.seconds).toBe(1.5);
    expect(result.recorded).toEqual(other);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^a product: recorded run\. Measure: this machine is too noisy now: all of \d+ samples of matmul\/ijk were disturbed\. So the figures below were not measured here: they are a recorded run of Another Processor 9000, 4 cores, linux x64, Node 22\.0\.0, 2026-01-02\.$/,
    );
  });

  it("tries again before it gives up, and takes the first run that holds", async () => {
    let runs = 0;
    const result = await measured(
      "a figure",
      () => (++runs < 3 ? { seconds: 0, refusal: "disturbed" } : { seconds: 7 }),
      { records: [] },
    );
    expect([result.seconds, runs, said]).toEqual([7, 3, []]);
  });

  it("does not try again for longer than a class waits", async () => {
    let [runs, time] = [0, 0];
    const run = () => {
      runs++;
      time += 20;
      return { refusal: "disturbed" };
    };
    await measured("a figure", run, { records: recording("a figure", {}), now: () => time });
    expect(runs).toBe(1);
  });

  it("reads refusals of the parts of a result, and what is missing", async () => {
    for (const result of [
      { part: { rows: [], refusal: "the budget ended." } },
      { rows: [], missing: "the budget ended." },
    ]) {
      said = [];
      const shown = await measured("parts", () => result as object, { records: recording("parts", { rows: [1] }) });
      expect(shown).toMatchObject({ rows: [1], recorded: other });
      expect(said[0]).toMatch(/^parts: recorded run\. The budget ended\. So the figures/);
    }
  });

  it("shows what was measured where only a part is missing, and says what", async () => {
    const ladder = { rows: [1, 2], missing: "Native kernels are left out." };
    expect(await measured("ladder", () => ladder, { records: [] })).toEqual({ ...ladder, origin: thisMachine() });
    expect(said).toEqual(["ladder: Native kernels are left out."]);
  });

  it("stays with the recorded machine in what builds on it, without measuring", async () => {
    const near: Recorded = { machine: thisMachine(), date: "2026-02-03", runs: { kernels: { rows: ["near"] } } };
    const first = { origin: "", recorded: other };
    let runs = 0;
    const run = () => ({ rows: [`measured ${++runs}`] });
    const result = await measured("kernels", run, {
      on: first,
      records: [near, ...recording("kernels", { rows: ["far"] })],
    });
    expect(result.rows).toEqual(["far"]);
    expect(runs).toBe(0);
  });

  it("throws every other error: a mistake is no noise", async () => {
    await expect(
      measured("a figure", () => Promise.reject(new RangeError("n must be positive")), {
        records: recording("a figure", {}),
      }),
    ).rejects.toThrow("n must be positive");
    await expect(measured("a figure", () => ({ refusal: "disturbed" }), { records: [] })).rejects.toThrow(
      "a figure: disturbed, and no recorded run holds it",
    );
  });

  it("measures nothing under RIDGEPOINT_MEASURE=off", async () => {
    vi.stubEnv("RIDGEPOINT_MEASURE", "off");
    const result = await measured("a figure", () => expect.fail("measured"), {
      records: recording("a figure", { seconds: 3 }),
    });
    expect(result).toMatchObject({ seconds: 3, recorded: other });
    expect(said[0]).toContain("Measuring is switched off (RIDGEPOINT_MEASURE=off).");
  });

  it("marks every chart and every table that names its origin", async () => {
    const { origin } = await measured("a figure", () => ({ refusal: "disturbed" }), {
      records: recording("a figure", {}),
    });
    const chart = bundle(
      lineChart(
        [
          { series: "a", x: 1, y: 1 },
          { series: "a", x: 2, y: 2 },
        ],
        { title: "Two points", caption: origin },
      ),
    );
    const roofline = bundle(
      rooflineChart({ name: "a machine", peakFlops: { fp32: 1e9 }, bandwidth: 1e9 }, [], { caption: origin }),
    );
    const rows = bundle(table([{ seconds: 1 }], { title: origin }));
    for (const text of [
      chart["image/svg+xml"],
      chart["text/plain"],
      roofline["image/svg+xml"],
      roofline["text/plain"],
      rows["text/html"],
      rows["text/plain"],
    ]) {
      expect(text).toContain("Recorded run, not measured here: Another Processor 9000");
      expect(text).toContain("2026-01-02");
    }
  });
});

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
      /^measure: this machine is too noisy now: relu\/native came out to take -250 µs, its baseline more than the whole$/,
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

describe("recordFor(title, machine, records)", () => {
  const records: Recorded[] = [
    "Intel Xeon 1, 2 cores",
    "AMD EPYC (family 25, model 1), 2 cores",
    "AMD EPYC (family 26, model 2), 2 cores",
  ].map((machine) => ({ machine, date: "", runs: { a: {} } }));
  it("takes the same machine, then the same processor, then the same maker, then the first", () => {
    const found = (machine: string) => recordFor("a", machine, records)?.machine;
    expect(found("AMD EPYC (family 26, model 2), 2 cores")).toBe(records[2]!.machine);
    expect(found("AMD EPYC (family 26, model 2), 16 cores")).toBe(records[2]!.machine);
    expect(found("AMD Ryzen 9, 16 cores")).toBe(records[1]!.machine);
    expect(found("Apple M4, 10 cores")).toBe(records[0]!.machine);
    expect(recordFor("b", "Apple M4", records)).toBeUndefined();
    expect(recordFor("toString", "Apple M4", records)).toBeUndefined();
  });
});
