// Which recorded run stands in for this machine.
import { describe, expect, it } from "vitest";
import type { Recorded } from "../../lib/index.js";
import { recordFor } from "../../lib/lesson/recordedRun.js";

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
