// measured(title, run): what was measured here, or a recorded run that says so.
import { describe, expect, it, vi } from "vitest";
import {
  lineChart,
  matmulIjk,
  measure,
  measured,
  rooflineChart,
  table,
  thisMachine,
  type Measurement,
  type Recorded,
} from "../../lib/index.js";
import { bundle } from "../../lib/lesson/show.js";
import { laboratory } from "../support/clock.js";
import { temporaryFolder } from "../support/hosts.js";
import { hears, other, recording, said } from "./recording.js";

hears();

describe("measured(title, run)", () => {
  it("gives what was measured here, under this machine's name, and says nothing", async () => {
    const result = await measured("a figure", () => ({ seconds: 2 }), { records: [] });
    expect(result).toEqual({ seconds: 2, origin: thisMachine() });
    expect(said).toEqual([]);
  });

  it("gives beside it the recorded run of the machine most like this one", async () => {
    const records = [{ machine: "Another", date: "2026-11-28", runs: { "a figure": { seconds: 3 } } }];
    expect((await measured("a figure", () => ({ seconds: 2 }), { records })).beside).toEqual({
      machine: "Another",
      date: "2026-11-28",
      result: { seconds: 3 },
    });
  });

  it("gives beside a run that is recorded no run whose place it takes", async () => {
    vi.stubEnv("RIDGEPOINT_RECORD", temporaryFolder());
    const own = { machine: thisMachine(), date: "2026-11-28", runs: { "a figure": { seconds: 3 } } };
    const run = () => ({ seconds: 2 });
    expect(await measured("a figure", run, { records: [own] })).not.toHaveProperty("beside");
    const records = [own, ...recording("a figure", { seconds: 4 })];
    expect((await measured("a figure", run, { records })).beside?.machine).toBe(other.machine);
  });

  it("hands the measurement its progress line", async () => {
    expect((await measured("a figure", ({ onProgress }) => ({ kind: typeof onProgress }), { records: [] })).kind).toBe(
      "function",
    );
  });

  it(
    "gives the recorded run where every " + "sample is disturbed, and says why, " + "where and when in one sentence",
    async () => {
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
        new RegExp(
          /^a product: recorded run\. Measure: this machine is too noisy now: all of \d+ samples of /.source +
            /matmul\/ijk were disturbed\. So the figures below were not measured here: they are a /.source +
            /recorded run of Another Processor 9000, 4 cores, linux x64, Node 22\.0\.0, 2026-01-02\.$/.source,
        ),
      );
    },
  );

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
      said.length = 0;
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
