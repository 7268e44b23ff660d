// NVIDIA's Jetson modules: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const jetson = {
  "orin-agx-64": {
    name: "NVIDIA Jetson AGX Orin 64GB",
    kind: "soc",
    peakFlops: {
      fp32: [5.33e12, "rn", { status: "read_secondary" }],
      fp16: [10.65e12, "rn", { status: "read_secondary", note: "CUDA cores; tensor cores more" }],
      int8: [
        138e12,
        "orinbrief",
        {
          status: "derived",
          doubt: "not one engine's roof",
          note: "half of the sparse 170 (GPU) + 105 (two DLAs); the GPU alone 85",
        },
      ],
    },
    bandwidth: [204.8e9, "rn", { status: "read_secondary" }],
    memory: [64e9, "rn", { status: "read_secondary" }],
    tdp: [60, "rn", { status: "read_secondary" }],
    caches: { L2: [4e6, "orinbrief", { status: "read_secondary", doubt: "RightNow lists 6 MB" }] },
  },
  "orin-nano-super": {
    name: "NVIDIA Jetson Orin Nano 8GB Super",
    kind: "soc",
    peakFlops: {
      int8: [
        33e12,
        "mem",
        { status: "from_memory", doubt: "no primary source was read", note: "67 TOPS printed is sparse" },
      ],
      fp32: [2.09e12, "der", { status: "derived", note: "1024 cores x 2 x 1.02 GHz (clock from memory)" }],
    },
    bandwidth: [102e9, "orin", { doubt: "68 GB/s before the Super update (RightNow 68.2)" }],
    memory: [8e9, "orin"],
    tdp: [25, "mem", { status: "from_memory", doubt: "no primary source was read" }],
    caches: { L2: [2e6, "rn", { status: "read_secondary" }] },
  },
} satisfies Record<string, DeviceRow>;
