// A device of one's own: figures that are typed in, or a file of a measured machine.
import { describe, expect, it } from "vitest";
import { cost, device, devices, estimate, linear, ridgePoint, type DeviceFigures } from "../../lib/index.js";

const mine = { name: "mine", peakFlops: { bf16: 1e14, float32: 2e13 }, bandwidth: 1e12, memory: 24e9 };

describe("device(figures)", () => {
  it("is a Device with these figures, formats by their canonical name", () => {
    const d = device(mine);
    expect(d).toEqual({
      id: "mine",
      name: "mine",
      kind: "gpu",
      peakFlops: { bf16: 1e14, fp32: 2e13 },
      bandwidth: 1e12,
      memory: 24e9,
      sources: {},
    });
    expect(ridgePoint(d, "bf16")).toBe(100);
    const c = cost(linear({ tokens: 1, inFeatures: 1000, outFeatures: 1000, dtype: "bf16" }));
    expect(estimate(c, d, "bf16").memorySeconds).toBe((c.bytesRead + c.bytesWritten) / 1e12);
  });

  it("takes every device of the table, whose sources are not its own", () => {
    for (const d of Object.values(devices)) expect(device(d)).toEqual({ ...d, sources: {} });
  });

  it("takes what `ridgepoint machine --json` prints: roofs apart from formats, main memory without an end", () => {
    const level = { level: "DRAM", bytes: null, read: 2e10, copy: 1e10 };
    const report = {
      ...{ id: "here", name: "CPU, 8 threads", kind: "cpu", threads: 8, bandwidth: 2e10, memory: 16e9 },
      peakFlops: { fp32: 3e11, javascript: 1e10, native: 3e11 },
      ...{ levels: [level], oneThread: {}, noise: 0.01, seconds: 9, notes: ["quiet"] },
    };
    expect(device(JSON.parse(JSON.stringify(report)) as DeviceFigures)).toEqual({
      ...{ id: "here", name: "CPU, 8 threads", kind: "cpu", bandwidth: 2e10, memory: 16e9, sources: {} },
      peakFlops: { fp32: 3e11 },
      roofs: { javascript: 1e10, native: 3e11 },
      levels: [{ ...level, bytes: Infinity }],
    });
  });

  const bad: [Record<string, unknown>, RegExp][] = [
    [{ peakFlops: undefined }, /^device: peakFlops must be given, got /],
    [{ bandwidth: undefined }, /^device: bandwidth must be given, got /],
    [{ bandwith: 1e12 }, /^device: keys must be among id, name, kind, peakFlops, bandwidth, .*, got "bandwith"$/],
    [{ bandwidth: 900 }, /^device: bandwidth must be a number of byte\/s, 1000000 or more, got 900$/],
    [{ bandwidth: "1e12" }, /^device: bandwidth must be a number of byte\/s, .*, got "1e12"$/],
    [{ bandwidth: Infinity }, /^device: bandwidth must be .* got Infinity$/],
    [{ memory: 24 }, /^device: memory must be a number of bytes, 1000000 or more, got 24$/],
    [{ tdp: 0 }, /^device: tdp must be a number of watt above 0, got 0$/],
    [{ peakFlops: { bf16: 989 } }, /^device: peakFlops.bf16 must be a number of FLOP\/s, 1000000 or more, got 989$/],
    [{ peakFlops: { bf17: 1e14 } }, /^device: peakFlops: dtype must be one of fp64, .*, got "bf17"$/],
    [{ peakFlops: { bf16: 1e14, bfloat16: 2e14 } }, /must have bf16 once, got it as "bfloat16" too$/],
    [{ peakFlops: {} }, /^device: peakFlops must have a number format such as bf16, got \{\}$/],
    [{ peakFlops: { native: 1e12 } }, /must have a number format/],
    [{ peakFlops: [1e14] }, /^device: peakFlops must be an object, got \[100000000000000\]$/],
    [{ kind: "fpga" }, /^device: kind must be one of gpu, tpu, cpu, soc, npu, got "fpga"$/],
    [{ name: "" }, /^device: name must be a text, got ""$/],
    [{ name: 3 }, /^device: name must be a text, got 3$/],
    [{ caches: { L2: -1 } }, /^device: caches.L2 must be a number of bytes above 0, got -1$/],
    [{ levels: [{ read: 1e10 }] }, /^device: levels\[0\] must be a level with its name/],
    [{ refusal: "L2 is faster than L1" }, /^device: measured figures must not contradict each other, got "L2 is/],
  ];
  it.each(bad)("refuses %j", (change, message) =>
    expect(() => device({ ...mine, ...change } as never)).toThrow(message),
  );
  it("refuses an array and what is no object", () => {
    for (const other of [[], [mine], 3, true, null]) expect(() => device(other as never)).toThrow(/^device: /);
  });
});

describe("device(id)", () => {
  it("lists those that have the word in them, where there are any", () => {
    expect(() => device("h100")).toThrow(/^device: id must be one of h100-pcie, h100-sxm, h100-nvl, got "h100"$/);
    expect(() => device("RTX 40")).toThrow(/one of rtx4060, [^A]*rtx4090, got "RTX 40"$/);
  });
  it.each([
    ["RTX 4070 Ti Super", "rtx4070ti-super"],
    ["RTX A6000", "a6000"],
    ["rtx_6000_ada", "rtx6000-ada"],
    ["Ironwood", "tpu-v7"],
    ["GB10", "dgx-spark"],
  ])("finds %j", (asked, id) => expect(device(asked).id).toBe(id));
});
