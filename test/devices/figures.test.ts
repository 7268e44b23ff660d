// Figures of the device table against each other: a peak is clock x units, a bandwidth is width x rate, and one chip's
// rows agree.
import { describe, expect, it } from "vitest";
import { device, devices } from "../../lib/index.js";
import { within } from "./within.js";

const all = Object.values(devices);

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
