// Apple's GPUs and neural engines: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const apple = {
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
  m3: {
    name: "Apple M3 (10-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [4.1e12, "hfjs", { status: "read_secondary" }],
      fp16: [
        4.1e12,
        "mem",
        {
          status: "from_memory",
          doubt: "no primary source was read",
          note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed",
        },
      ],
    },
    bandwidth: [100e9, "nbc"],
    memory: [
      24e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
  },
  "m3-pro": {
    name: "Apple M3 Pro (18-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [7.4e12, "hfjs", { status: "read_secondary" }],
      fp16: [
        7.4e12,
        "mem",
        {
          status: "from_memory",
          doubt: "no primary source was read",
          note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed",
        },
      ],
    },
    bandwidth: [150e9, "mr_m3"],
    memory: [
      36e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    note: "25% less bandwidth than M2 Pro",
  },
  "m3-max": {
    name: "Apple M3 Max (40-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [
        14.2e12,
        "hfjs",
        {
          status: "read_secondary",
          doubt: "13 % less per core than the same list gives the M3 and M3 Pro; their clock would make it 16.4",
        },
      ],
      fp16: [
        14.2e12,
        "mem",
        {
          status: "from_memory",
          doubt: "no primary source was read",
          note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed",
        },
      ],
    },
    bandwidth: [400e9, "mr_m3"],
    memory: [
      128e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
    note: "30-core bin 300 GB/s",
  },
  m4: {
    name: "Apple M4 (10-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [4.6e12, "hfjs", { status: "read_secondary" }],
      fp16: [
        4.6e12,
        "mem",
        {
          status: "from_memory",
          doubt: "no primary source was read",
          note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed",
        },
      ],
    },
    bandwidth: [120e9, "m4bt", { status: "read_secondary" }],
    memory: [32e9, "m4bt", { status: "read_secondary", note: "largest option; unified" }],
  },
  "m4-pro": {
    name: "Apple M4 Pro (20-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [9.2e12, "hfjs", { status: "read_secondary" }],
      fp16: [
        9.2e12,
        "mem",
        {
          status: "from_memory",
          doubt: "no primary source was read",
          note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed",
        },
      ],
    },
    bandwidth: [273e9, "mr_m4"],
    memory: [
      64e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
  },
  "m4-max": {
    name: "Apple M4 Max (40-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [18.4e12, "hfjs", { status: "read_secondary" }],
      fp16: [
        18.4e12,
        "mem",
        {
          status: "from_memory",
          doubt: "no primary source was read",
          note: "same rate as FP32 on Apple 7/8 GPUs (metal-benchmarks); later families assumed",
        },
      ],
    },
    bandwidth: [546e9, "mr_m4"],
    memory: [
      128e9,
      "mem",
      { status: "from_memory", doubt: "no primary source was read", note: "largest option; unified" },
    ],
  },
  "a17pro-ane": {
    name: "Apple A17 Pro Neural Engine (iPhone 15 Pro)",
    kind: "npu",
    peakFlops: {
      int8: [
        35e12,
        "mr_m3",
        { note: "MacRumors: 35 TOPS; the M3 in the same family is rated 18, so probably another precision" },
      ],
    },
    bandwidth: [51.2e9, "mem", { status: "from_memory", doubt: "no primary source was read" }],
    memory: [8e9, "mem", { status: "from_memory", doubt: "no primary source was read" }],
    caches: { SLC: [24e6, "mem", { status: "from_memory", doubt: "no primary source was read" }] },
  },
  "a18pro-ane": {
    name: "Apple A18 Pro Neural Engine (iPhone 16 Pro)",
    kind: "npu",
    peakFlops: {
      int8: [35e12, "pa"],
    },
    bandwidth: [60e9, "der", { status: "derived", note: "51.2 x 1.17 (+17% read)" }],
    memory: [8e9, "mem", { status: "from_memory", doubt: "no primary source was read" }],
    caches: { SLC: [24e6, "mem", { status: "from_memory", doubt: "no primary source was read" }] },
  },
} satisfies Record<string, DeviceRow>;
