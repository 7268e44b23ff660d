import { describe, expect, it } from "vitest";
import { namedLevels } from "../../lib/measure/levelNames.js";

describe("namedLevels(ends, caches)", () => {
  const KiB = 1024;
  const caches = [
    { level: 1, bytes: 48 * KiB },
    { level: 2, bytes: 2048 * KiB },
    { level: 3, bytes: 105 * 1024 * KiB },
  ];
  it("counts the levels where there are as many as the system names, or where it names none", () => {
    expect(namedLevels([45 * KiB, 1500 * KiB, 20_000 * KiB], caches)).toEqual({ names: ["L1", "L2", "L3", "DRAM"] });
    expect(namedLevels([45 * KiB, 1500 * KiB], [])).toEqual({ names: ["L1", "L2", "DRAM"] });
  });
  it("calls a level that stands for two caches by both, and says so", () => {
    expect(namedLevels([1500 * KiB, 20_000 * KiB], caches)).toEqual({
      names: ["L1+L2", "L3", "DRAM"],
      note:
        "L1 and L2 could not be told apart on this curve and share one row " +
        "(the system names L1 48.0 KiB, L2 2.00 MiB, L3 105 MiB).",
    });
    expect(namedLevels([45 * KiB, 20_000 * KiB], caches).names).toEqual(["L1", "L2+L3", "DRAM"]);
    expect(namedLevels([], caches)).toEqual({
      names: ["DRAM"],
      note: "No cache could be told from the memory (the system names L1 48.0 KiB, L2 2.00 MiB, L3 105 MiB).",
    });
  });
});
