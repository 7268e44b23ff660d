import { describe, expect, it, vi } from "vitest";
import { main } from "../../lib/cli.js";
import type { Machine, MachineOptions } from "../../lib/measure/index.js";

// Measuring itself is tested in test/measure; here a machine with known figures stands in for it.
const level = (name: string, bytes: number, read: number) => ({
  level: name,
  bytes,
  read,
  copy: read / 2,
  triad: read / 2,
  update: read / 2,
  latency: 1e-9,
});
const levels = [level("L1", 32768, 80e9), level("DRAM", Infinity, 20e9)];
const roofs = { javascript: 2e9, wasm: 20e9, native: 60e9 };
const figures = {
  id: "this-machine",
  name: "Some CPU, 2 threads",
  kind: "cpu",
  peakFlops: { fp32: 60e9 },
  roofs,
  bandwidth: 20e9,
  memory: 8e9,
  levels,
  sources: {},
} as const;
const known = {
  ...figures,
  threads: 2,
  oneThread: figures,
  curve: [{ bytes: 1, threads: 1 }],
  noise: 0.015,
  notes: ["Copies allocate on write."],
  seconds: 7,
} as unknown as Machine;
const asked: MachineOptions[] = [];
vi.mock("../../lib/measure/index.js", async (original) => ({
  ...(await original<object>()),
  measureMachine: async (options: MachineOptions) => {
    asked.push(options);
    options.onProgress?.({ fraction: 0.5, message: "memory", seconds: 1 });
    return known;
  },
}));

async function run(args: string[], terminal = false): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await main(["machine", ...args], {
    out: (t) => {
      out += t;
    },
    err: (t) => {
      err += t;
    },
    terminal,
  });
  return { code, out, err };
}

describe("ridgepoint machine", () => {
  it("--json prints the Device with its peak by roof and its levels, and nothing else", async () => {
    const { code, out, err } = await run(["--quick", "--json"]);
    expect([code, err, asked.at(-1)!.quick]).toEqual([0, "", true]);
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(report).toMatchObject({
      id: "this-machine",
      threads: 2,
      peakFlops: { fp32: 60e9, ...roofs },
      bandwidth: 20e9,
      levels: [{ level: "L1", read: 80e9, copy: 40e9, triad: 40e9, latency: 1e-9 }, { level: "DRAM" }],
    });
    expect(report).not.toHaveProperty("curve");
    expect(JSON.parse((await run(["--json", "--curve"])).out)).toHaveProperty("curve");
  });

  it("prints roofs, levels and notes for people, and progress only to a terminal", async () => {
    const { out, err } = await run([]);
    for (const text of [
      "Some CPU",
      "native roof",
      "60.0 GFLOP/s",
      "32.0 KiB",
      "80.0 GB/s",
      "ridge point",
      "1.5 %",
      "Copies allocate on write.",
    ])
      expect(out).toContain(text);
    expect(err).toBe("");
    const watched = await run(["--quick"], true);
    expect(watched.err).toContain("50 %  memory");
    expect(watched.err.endsWith("\u001b[K")).toBe(true);
  });
});
