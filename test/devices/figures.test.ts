// Figures of the device table against each other: a bandwidth is width x rate, and one chip's rows agree. What peaks
// are made of is peaks.ts's matter.
import { expect, it } from "vitest";
import { device, devices } from "../../lib/index.js";
import { within } from "./within.js";

const all = Object.values(devices);

// (i) Bus width in bits x transfers a second a pin; of a PC card's memory as TechPowerUp lists it,
// else from memory, except T4 and A100.
it.each([
  ["v100-sxm2", 4096, 1.752e9],
  ["t4", 256, 10e9],
  ["a10g", 384, 12.5e9],
  ["a10", 384, 12.5e9],
  ["a40", 384, 14.5e9],
  ["l4", 192, 12.5e9],
  ["l40s", 384, 18e9],
  ["a100-40-sxm", 5120, 2.43e9],
  ["a100-80-sxm", 5120, 3.186e9],
  ["h100-sxm", 5120, 5.23e9],
  ["h100-nvl", 6016, 5.238e9],
  ["h200-sxm", 6144, 6.25e9],
  ["b200", 8192, 8e9 * 0.98],
  ["a6000", 384, 16e9],
  ["rtx6000-ada", 384, 20e9],
  ["rtx-pro-6000", 512, 28e9],
  ["rtx3060", 192, 15e9],
  ["rtx3060ti", 256, 14e9],
  ["rtx3070", 256, 14e9],
  ["rtx3080", 320, 19e9],
  ["rtx3090", 384, 19.5e9],
  ["rtx3090ti", 384, 21e9],
  ["rtx4060", 128, 17e9],
  ["rtx4060ti-16", 128, 18e9],
  ["rtx4070", 192, 21e9],
  ["rtx4070ti-super", 256, 21e9],
  ["rtx4080", 256, 22.4e9],
  ["rtx4080-super", 256, 23e9],
  ["rtx4090", 384, 21e9],
  ["rtx5060ti-16", 128, 28e9],
  ["rtx5070", 192, 28e9],
  ["rtx5070ti", 256, 28e9],
  ["rtx5080", 256, 30e9],
  ["rtx5090", 512, 28e9],
  ["dgx-spark", 256, 8.533e9],
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
  ["m5", 128, 9.6e9],
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

// (ii) The tables print dense figures: sparse ones are their double and must not have slipped in.
it("device(id).peakFlops halves from 8 to 16 bits and from 16 bits to TF32, as dense figures do", () => {
  for (const d of all.filter(({ kind, id }) => kind === "gpu" && !id.startsWith("rtx"))) {
    const { bf16, fp8, int8, tf32 } = d.peakFlops;
    if (bf16 && fp8) expect(within(fp8, 2 * bf16, 0.03), `${d.id} fp8`).toBe(true);
    if (bf16 && int8 && !d.id.startsWith("mi250")) expect(within(int8, 2 * bf16, 0.03), `${d.id} int8`).toBe(true);
    if (bf16 && tf32) expect(within(tf32, bf16 / 2, 0.03), `${d.id} tf32`).toBe(true);
  }
});

// (iii) One chip in several rows.
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

// (iv) Of some no clock was read (peaks.ts): a family must agree core by core, or the row must say that it does not.
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
