import { describe, expect, it } from "vitest";
import { device, devices, dtypes, measuredAnchors, type Device } from "../lib/index.js";

const all = Object.values(devices);
/** Every figure of a device with the path of its source. */
const figures = (d: Device): [string, number][] => [
  ...Object.entries(d.peakFlops).map(([k, v]) => [`peakFlops.${k}`, v] as [string, number]),
  ["bandwidth", d.bandwidth],
  ...(d.memory === undefined ? [] : [["memory", d.memory] as [string, number]]),
  ...(d.tdp === undefined ? [] : [["tdp", d.tdp] as [string, number]]),
  ...Object.entries(d.caches ?? {}).map(([k, v]) => [`caches.${k}`, v] as [string, number]),
];
const within = (got: number, want: number, share: number) => Math.abs(got / want - 1) <= share;

describe("devices", () => {
  it("lists 44, each under its own id", () => {
    expect(all).toHaveLength(44);
    for (const [id, d] of Object.entries(devices)) {
      expect(d.id).toBe(id);
      expect(d.name.length).toBeGreaterThan(3);
    }
  });

  it("gives a source to every figure, and to nothing else", () => {
    for (const d of all)
      expect(Object.keys(d.sources).sort(), d.id).toEqual(
        figures(d)
          .map(([path]) => path)
          .sort(),
      );
  });

  it("carries a doubt beside every figure that was not read", () => {
    const bare = all.flatMap((d) =>
      Object.entries(d.sources)
        .filter(([, s]) => s.status === "from_memory" && !s.doubt)
        .map(([path]) => `${d.id} ${path}`),
    );
    expect(bare).toEqual([]);
    const unsaid = all.flatMap((d) =>
      Object.entries(d.sources)
        .filter(([, s]) => s.status === "derived" && !s.note)
        .map(([path]) => `${d.id} ${path}`),
    );
    expect(unsaid).toEqual([]);
  });

  it("is in base units, in formats that exist, of plausible size", () => {
    for (const d of all) {
      for (const dtype of Object.keys(d.peakFlops)) expect(dtypes).toContain(dtype);
      for (const peak of Object.values(d.peakFlops)) {
        expect(peak).toBeGreaterThan(1e11);
        expect(peak).toBeLessThan(2e16);
      }
      expect(d.bandwidth).toBeGreaterThan(1e10);
      expect(d.bandwidth).toBeLessThan(1e13);
      if (d.memory !== undefined) expect(d.memory).toBeGreaterThan(4e9);
      if (d.tdp !== undefined) {
        expect(d.tdp).toBeGreaterThan(4);
        expect(d.tdp).toBeLessThan(2000);
      }
      for (const bytes of Object.values(d.caches ?? {})) {
        expect(bytes).toBeGreaterThan(3e4);
        expect(bytes).toBeLessThan(1e9);
      }
    }
  });

  it("never has a narrower format slower than a wider one of its kind", () => {
    const narrowing = ["fp64", "fp32", "tf32", "bf16", "fp8", "fp4"] as const;
    for (const d of all) {
      const peaks = narrowing.map((k) => d.peakFlops[k]).filter((p) => p !== undefined);
      expect(
        [...peaks].sort((a, b) => a - b),
        d.id,
      ).toEqual(peaks);
    }
  });
});

// (i) Clock x FMA per clock and unit x 2 x units. Units and clocks are from memory, except H100, A100, MI300X and RTX
// 4090: agreement supports both sides, but a clock is no independent source.
describe.each([
  ["v100-sxm2", "fp16", 1.53e9, 64, 640],
  ["v100-sxm2", "fp32", 1.53e9, 1, 5120],
  ["t4", "fp16", 1.59e9, 64, 320],
  ["t4", "fp32", 1.59e9, 1, 2560],
  ["a100-40-sxm", "bf16", 1.41e9, 256, 432],
  ["a100-80-sxm", "bf16", 1.41e9, 256, 432],
  ["a100-80-sxm", "tf32", 1.41e9, 128, 432],
  ["a100-80-sxm", "int8", 1.41e9, 512, 432],
  ["a100-80-sxm", "fp32", 1.41e9, 1, 6912],
  ["h100-sxm", "bf16", 1.83e9, 512, 528],
  ["h100-sxm", "tf32", 1.83e9, 256, 528],
  ["h100-sxm", "fp8", 1.83e9, 1024, 528],
  ["h100-sxm", "fp32", 1.98e9, 1, 16896],
  ["h100-pcie", "bf16", 1.62e9, 512, 456],
  ["h100-pcie", "fp32", 1.755e9, 1, 14592],
  ["h200-sxm", "bf16", 1.83e9, 512, 528],
  ["l4", "fp32", 2.04e9, 1, 7424],
  ["l4", "bf16", 2.04e9, 128, 232],
  ["l40s", "fp32", 2.52e9, 1, 18176],
  ["l40s", "bf16", 2.52e9, 128, 568],
  ["rtx3090", "fp32", 1.695e9, 1, 10496],
  ["rtx3090", "bf16", 1.695e9, 64, 328],
  ["rtx4090", "fp32", 2.52e9, 1, 16384],
  ["rtx4090", "bf16", 2.52e9, 64, 512],
  ["rtx4090", "fp8", 2.52e9, 128, 512],
  ["rtx4090", "int8", 2.52e9, 256, 512],
  ["rtx5090", "fp32", 2.407e9, 1, 21760],
  ["rtx5090", "bf16", 2.407e9, 64, 680],
  ["mi300x", "bf16", 2.1e9, 256, 1216],
  ["mi300x", "fp32", 2.1e9, 32, 1216],
  ["mi300x", "tf32", 2.1e9, 128, 1216],
  ["mi300x", "fp8", 2.1e9, 512, 1216],
  ["mi325x", "bf16", 2.1e9, 256, 1216],
  ["mi250x", "bf16", 1.7e9, 128, 880],
  ["mi355x", "bf16", 2.4e9, 512, 1024],
  ["tpu-v4", "bf16", 1.05e9, 128 * 128, 8],
  ["tpu-v5e", "bf16", 1.5e9, 128 * 128, 4],
  ["tpu-v5p", "bf16", 1.75e9, 128 * 128, 8],
  ["rpi5", "fp32", 2.4e9, 8, 4],
  ["xeon-8480", "fp32", 2.0e9, 32, 56],
  ["xeon-8480", "bf16", 2.0e9, 1024, 56],
  ["epyc-9654", "fp32", 2.4e9, 16, 96],
  ["orin-agx-64", "fp32", 1.3e9, 1, 2048],
  ["orin-nano-super", "fp32", 1.02e9, 1, 1024],
])("device(%j).peakFlops.%s", (id, dtype, clock, fma, units) => {
  it(`is ${clock / 1e6} MHz x ${fma} FMA x 2 x ${units} within 3 %`, () => {
    const peak = device(id).peakFlops[dtype as "fp32"]!;
    expect(within(clock * fma * 2 * units, peak, 0.03), `${clock * fma * 2 * units} against ${peak}`).toBe(true);
  });
});

// (ii) Bus width in bits x transfers a second a pin; from memory, except RTX 4090, T4 and A100.
it.each([
  ["v100-sxm2", 4096, 1.752e9],
  ["t4", 256, 10e9],
  ["a10g", 384, 12.5e9],
  ["l4", 192, 12.5e9],
  ["l40s", 384, 18e9],
  ["a100-40-sxm", 5120, 2.43e9],
  ["a100-80-sxm", 5120, 3.186e9],
  ["h100-sxm", 5120, 5.23e9],
  ["h200-sxm", 6144, 6.25e9],
  ["b200", 8192, 8e9 * 0.98],
  ["rtx3090", 384, 19.5e9],
  ["rtx4090", 384, 21e9],
  ["rtx5090", 512, 28e9],
  ["mi250x", 8192, 3.2e9],
  ["mi300x", 8192, 5.2e9],
  ["mi325x", 8192, 6e9 * 0.98],
  ["mi355x", 8192, 8e9 * 0.98],
  ["m1", 128, 4.266e9],
  ["m1-pro", 256, 6.4e9],
  ["m1-max", 512, 6.4e9],
  ["m2", 128, 6.4e9],
  ["m2-pro", 256, 6.4e9],
  ["m2-max", 512, 6.4e9],
  ["m3", 128, 6.4e9],
  ["m3-pro", 192, 6.4e9],
  ["m3-max", 512, 6.4e9],
  ["m4", 128, 7.5e9],
  ["m4-pro", 256, 8.533e9],
  ["m4-max", 512, 8.533e9],
  ["orin-agx-64", 256, 6.4e9],
  ["orin-nano-super", 128, 6.4e9],
  ["rpi5", 32, 4.267e9],
  ["xeon-8480", 512, 4.8e9],
  ["epyc-9654", 768, 4.8e9],
  ["a17pro-ane", 64, 6.4e9],
])("device(%j).bandwidth is %d bits x its data rate within 3 %%", (id, bits, rate) => {
  expect(
    within((bits / 8) * rate, device(id).bandwidth, 0.03),
    `${(bits / 8) * rate} against ${device(id).bandwidth}`,
  ).toBe(true);
});

// (iii) The tables print dense figures: sparse ones are their double and must not have slipped in.
it("device(id).peakFlops halves from 8 to 16 bits and from 16 bits to TF32, as dense figures do", () => {
  for (const d of all.filter(({ kind, id }) => kind === "gpu" && !id.startsWith("rtx"))) {
    const { bf16, fp8, int8, tf32 } = d.peakFlops;
    if (bf16 && fp8) expect(within(fp8, 2 * bf16, 0.03), `${d.id} fp8`).toBe(true);
    if (bf16 && int8 && !d.id.startsWith("mi250")) expect(within(int8, 2 * bf16, 0.03), `${d.id} int8`).toBe(true);
    if (bf16 && tf32) expect(within(tf32, bf16 / 2, 0.03), `${d.id} tf32`).toBe(true);
  }
});

// (iv) One chip in several rows.
it.each([
  [["a100-40-sxm", "a100-80-sxm", "a100-80-pcie"]],
  [["h100-sxm", "h200-sxm", "gh200-96"]],
  [["mi300x", "mi325x"]],
])("device(id).peakFlops agrees over %j", (ids) => {
  const [first, ...rest] = ids.map((id) => device(id));
  for (const d of rest)
    for (const [dtype, peak] of Object.entries(d.peakFlops)) {
      const other = first!.peakFlops[dtype as "fp32"];
      if (other !== undefined) expect([d.id, dtype, peak]).toEqual([d.id, dtype, other]);
    }
});

// (v) Apple: cores x 256 FLOP x clock.
it.each([
  ["m1", 8, 1.278],
  ["m1-pro", 16, 1.296],
  ["m1-max", 32, 1.296],
  ["m2", 10, 1.398],
  ["m2-pro", 19, 1.398],
  ["m2-max", 38, 1.398],
])("device(%j).peakFlops.fp32 is %d cores x 256 x %d GHz within 3 %%", (id, cores, gigahertz) => {
  expect(
    within(cores * 256 * gigahertz * 1e9, device(id).peakFlops.fp32!, 0.03),
    `${cores * 256 * gigahertz * 1e9} against ${device(id).peakFlops.fp32}`,
  ).toBe(true);
});

// Of later ones no clock was read: a family must agree core by core, or the row must say that it does not.
it.each([
  [
    ["m3", 10],
    ["m3-pro", 18],
    ["m3-max", 40],
  ],
  [
    ["m4", 10],
    ["m4-pro", 20],
    ["m4-max", 40],
  ],
] as const)("device(id).peakFlops.fp32 per core agrees over %j or carries a doubt", (first, ...rest) => {
  const perCore = ([id, cores]: readonly [string, number]) => device(id).peakFlops.fp32! / cores;
  for (const d of rest)
    if (!within(perCore(d), perCore(first), 0.03))
      expect(device(d[0]).sources["peakFlops.fp32"]!.doubt, d[0]).toMatch(/per core/);
});

describe("device(id)", () => {
  it("ignores case, dashes, underscores and blanks", () => {
    for (const id of ["h100-sxm", "H100_SXM", "h100sxm", "H100 SXM"]) expect(device(id)).toBe(devices["h100-sxm"]);
  });
  it("has ids that stay apart when dashes go", () =>
    expect(new Set(Object.keys(devices).map((id) => id.replace(/[-_]/g, ""))).size).toBe(44));
  it.each(["h100", "", "toString", "__proto__", "<b>"])("refuses %j and lists the known ids", (id) => {
    expect(() => device(id)).toThrow(RangeError);
    expect(() => device(id)).toThrow(/^device: id must be one of .*h100-sxm/);
  });
  it.each([undefined, null, 3, {}])("refuses %j", (id) => expect(() => device(id as never)).toThrow(RangeError));
});

it("measuredAnchors are shares of a figure that the table has", () => {
  expect(measuredAnchors.length).toBeGreaterThanOrEqual(8);
  for (const a of measuredAnchors) {
    const d = device(a.device);
    const spec = a.of === "bandwidth" ? d.bandwidth : d.peakFlops[a.of.replace("peakFlops.", "") as "bf16"]!;
    expect(within(a.value / spec, a.ofSpec, 0.01), `${a.device} ${a.quantity}: ${a.value / spec}`).toBe(true);
    expect(a.ofSpec).toBeLessThan(1);
    expect(a.source).not.toBe("");
  }
});
