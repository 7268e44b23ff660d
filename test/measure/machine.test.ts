import { describe, expect, it } from "vitest";
import {
  estimate,
  machineReport,
  measureMachine,
  nativeMissing,
  ridgePoint,
  linear,
  cost,
  type Progress,
} from "../../lib/index.js";

describe("measureMachine({ quick })", () => {
  it("gives a Device with levels and roofs that every chart and estimate takes", { timeout: 60_000 }, async () => {
    const seen: Progress[] = [];
    const machine = await measureMachine({
      quick: true,
      budgetSeconds: 1,
      threads: 2,
      onProgress: (p) => seen.push(p),
    });
    for (const d of [machine, machine.oneThread]) {
      expect(d.kind).toBe("cpu");
      expect(d.peakFlops.fp32).toBe(Math.max(...Object.values(d.roofs)));
      expect(Object.keys(d.roofs)).toEqual(["javascript", "wasm", ...((await nativeMissing()) ? [] : ["native"])]);
      expect(d.levels.at(-1)!.level).toBe("DRAM");
      for (const level of d.levels)
        for (const figure of [
          level.bytes,
          level.read,
          level.lines,
          level.copy,
          level.triad,
          level.update,
          level.latency,
        ])
          expect(figure).toBeGreaterThan(0);
      expect(d.levels.map(({ bytes }) => bytes)).toEqual(d.levels.map(({ bytes }) => bytes).sort((a, b) => a - b));
      expect(d.bandwidth).toBe(
        Math.max(d.levels.at(-1)!.read, d.levels.at(-1)!.lines!, d.levels.at(-1)!.copy!, d.levels.at(-1)!.triad!),
      );
      expect(ridgePoint(d, "fp32")).toBeGreaterThan(0);
      expect(
        estimate(cost(linear({ tokens: 1, inFeatures: 768, outFeatures: 3072 })), d, "fp32").seconds,
      ).toBeGreaterThan(0);
      for (const source of Object.values(d.sources)) expect(source.text).not.toBe("");
    }
    expect(machine.curve.some(({ threads }) => threads === 1)).toBe(true);
    expect(machine.notes.join(" ")).toMatch(/3\/2 of what copy counts and 4\/3 of what triad counts/);
    expect(seen.at(-1)!.fraction).toBe(1);
    const report = JSON.parse(JSON.stringify(machineReport(machine)));
    expect(report.peakFlops).toMatchObject({
      fp32: machine.peakFlops.fp32,
      javascript: machine.roofs.javascript,
      wasm: machine.roofs.wasm,
    });
    expect(Object.keys(report.levels[0])).toEqual([
      "level",
      "bytes",
      "read",
      "lines",
      "copy",
      "triad",
      "update",
      "latency",
    ]);
  });
  it("stops when its signal is raised", async () => {
    const controller = new AbortController();
    await expect(
      measureMachine({ quick: true, signal: controller.signal, onProgress: () => controller.abort() }),
    ).rejects.toThrow(/abort/i);
  });
});
