// AMD Instinct GPUs: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const amd = {
  mi250x: {
    name: "AMD Instinct MI250X",
    kind: "gpu",
    peakFlops: {
      fp32: [47.9e12, "stas"],
      bf16: [383e12, "stas"],
      fp16: [383e12, "stas"],
      int8: [383e12, "stas"],
    },
    bandwidth: [3280e9, "stas"],
    memory: [128e9, "stas"],
    tdp: [500, "rn", { status: "read_secondary", doubt: "560 W peak (memory)" }],
    caches: { L2_total: [16e6, "rn", { status: "read_secondary", note: "8 MB per GCD, two GCDs" }] },
    note: "two GCDs appear as two devices: halve for one",
  },
  mi300x: {
    name: "AMD Instinct MI300X",
    kind: "gpu",
    peakFlops: {
      fp32: [163.4e12, "stas"],
      tf32: [653.7e12, "stas"],
      bf16: [1307e12, "stas"],
      fp16: [1307e12, "stas"],
      fp8: [2610e12, "stas"],
      int8: [2600e12, "stas"],
    },
    bandwidth: [5300e9, "stas", { doubt: "RightNow lists 10300: an error" }],
    memory: [192e9, "stas"],
    tdp: [750, "rn", { status: "read_secondary" }],
    caches: { InfinityCache: [256e6, "stas"], L2_total: [32e6, "stas", { note: "8 x 4 MB" }] },
  },
  mi325x: {
    name: "AMD Instinct MI325X",
    kind: "gpu",
    peakFlops: {
      fp32: [163.4e12, "stas"],
      bf16: [1307e12, "stas", { note: "table prints 1300" }],
      fp8: [2610e12, "stas"],
    },
    bandwidth: [6000e9, "stas"],
    memory: [256e9, "stas"],
    tdp: [1000, "stas"],
    caches: { InfinityCache: [256e6, "stas"], L2_total: [32e6, "rocm"] },
  },
  mi355x: {
    name: "AMD Instinct MI355X",
    kind: "gpu",
    peakFlops: {
      fp32: [157.3e12, "stas"],
      bf16: [2500e12, "stas"],
      fp16: [2500e12, "stas"],
      fp8: [5000e12, "stas"],
      fp4: [10100e12, "stas"],
    },
    bandwidth: [8000e9, "stas"],
    memory: [288e9, "stas"],
    tdp: [1400, "mi355", { status: "read_secondary" }],
    caches: { InfinityCache: [256e6, "stas"], L2_total: [32e6, "rocm"] },
  },
} satisfies Record<string, DeviceRow>;
