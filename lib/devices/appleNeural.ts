// Apple's neural engines: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const neuralEngines = {
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
