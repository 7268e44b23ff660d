// Apple's first two generations of M GPUs: data only. Dense peaks; a figure is [value in SI base units, source key,
// doubts].
import type { DeviceRow } from "./row.js";

export const m1AndM2 = {
  m1: {
    name: "Apple M1 (8-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [2.617e12, "metal"],
      fp16: [
        2.617e12,
        "metal",
        { note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed" },
      ],
    },
    bandwidth: [68.2e9, "ll1642"],
    memory: [
      16e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    caches: { SLC: [8e6, "metal"] },
  },
  "m1-pro": {
    name: "Apple M1 Pro (16-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [5.308e12, "metal"],
      fp16: [
        5.308e12,
        "metal",
        { note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed" },
      ],
    },
    bandwidth: [204.8e9, "ll1642"],
    memory: [
      32e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    caches: { SLC: [24e6, "metal"] },
    note: "Apple prints 200 GB/s",
  },
  "m1-max": {
    name: "Apple M1 Max (32-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [10.617e12, "metal"],
      fp16: [
        10.617e12,
        "metal",
        { note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed" },
      ],
    },
    bandwidth: [409.6e9, "ll1642"],
    memory: [
      64e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    caches: { SLC: [48e6, "metal"] },
    note: "Apple prints 400; GPU attains 317.6 (llama.cpp PR 1642)",
  },
  m2: {
    name: "Apple M2 (10-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [3.579e12, "metal"],
      fp16: [
        3.579e12,
        "metal",
        { note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed" },
      ],
    },
    bandwidth: [102.4e9, "ll1642"],
    memory: [
      24e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    caches: { SLC: [8e6, "metal"] },
    note: "Apple prints 100 GB/s; these are the 3.6 TFLOP/s that the mirrored lecture gives to the M2 Pro",
  },
  "m2-pro": {
    name: "Apple M2 Pro (19-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [6.8e12, "metal"],
      fp16: [
        6.8e12,
        "metal",
        { note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed" },
      ],
    },
    bandwidth: [200e9, "gig"],
    memory: [
      32e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    caches: { SLC: [24e6, "metal"] },
    note: "16-core variant 5.7 (derived 16/19)",
  },
  "m2-max": {
    name: "Apple M2 Max (38-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [13.6e12, "metal"],
      fp16: [
        13.6e12,
        "metal",
        { note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed" },
      ],
    },
    bandwidth: [400e9, "mr_m3"],
    memory: [
      96e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    caches: { SLC: [48e6, "metal"] },
  },
} satisfies Record<string, DeviceRow>;
