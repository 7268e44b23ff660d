// What is asked of the system: every answer may be lacking, and none may be wrong in kind.
import { totalmem } from "node:os";
import { describe, expect, it } from "vitest";
import { otherWork } from "../../lib/measure/otherWork.js";
import { memoryHere } from "../../lib/measure/session.js";
import { systemCaches } from "../../lib/measure/systemCaches.js";
import { generationOf } from "../../lib/measure/thisMachine.js";

describe("what the system says", () => {
  it("systemCaches(): data caches from the smallest, each with a level and a size", () => {
    const caches = systemCaches();
    expect(caches.map(({ bytes }) => bytes)).toEqual(caches.map(({ bytes }) => bytes).sort((a, b) => a - b));
    for (const { level, bytes } of caches) {
      expect(level).toBeGreaterThanOrEqual(1);
      expect(bytes).toBeGreaterThanOrEqual(1024);
    }
  });

  it("memoryHere(): no more than the machine has", () => {
    expect(memoryHere()).toBeGreaterThan(0);
    expect(memoryHere()).toBeLessThanOrEqual(totalmem());
  });

  it("otherWork(): cores that others keep busy, at least none", async () => {
    const others = otherWork();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(others()).toBeGreaterThanOrEqual(0);
    expect(others()).toBeLessThan(10_000);
  });

  it("generationOf(text): family and model of an x86 processor, from the text of /proc/cpuinfo", () => {
    const text = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 26\nmodel\t\t: 2\nmodel name\t: AMD EPYC\n";
    expect(generationOf(text)).toBe("family 26, model 2");
    expect(generationOf("processor\t: 0\nCPU implementer\t: 0x41\n")).toBeUndefined();
    expect(generationOf("")).toBeUndefined();
  });
});
