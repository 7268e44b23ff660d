// Apple's third and fourth generations of M GPUs: data only. Dense peaks; a figure is [value in SI base units, source
// key, doubts].
import type { DeviceRow } from "./row.js";

export const m3AndM4 = {
  m3: {
    name: "Apple M3 (10-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [
        4.1e12,
        "hfjs",
        { status: "read_secondary", doubt: "needs 1.6 GHz; 1398 MHz, as hmc-tech.com lists, make 3.6" },
      ],
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
      fp32: [
        7.4e12,
        "hfjs",
        { status: "read_secondary", doubt: "needs 1.6 GHz; 1398 MHz, as hmc-tech.com lists, make 6.4" },
      ],
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
          doubt:
            "13 % less per core than the same list gives the M3 and M3 Pro; their 1.6 GHz would make it 16.4, " +
            "as radargit.com lists; 1398 MHz make 14.3",
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
      fp32: [
        4.6e12,
        "hfjs",
        {
          status: "read_secondary",
          doubt: "needs 1.8 GHz; 1470 to 1678 MHz, as public lists have it, make 3.8 to 4.3",
        },
      ],
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
      fp32: [
        9.2e12,
        "hfjs",
        {
          status: "read_secondary",
          doubt: "needs 1.8 GHz; 1470 to 1678 MHz, as public lists have it, make 7.5 to 8.6",
        },
      ],
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
      fp32: [
        18.4e12,
        "hfjs",
        {
          status: "read_secondary",
          doubt: "needs 1.8 GHz; 1470 to 1678 MHz, as public lists have it, make 15.1 to 17.2",
        },
      ],
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
} satisfies Record<string, DeviceRow>;
