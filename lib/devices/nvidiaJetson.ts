// NVIDIA's Jetson modules and the DGX Spark: data only. Dense peaks; a figure is [value in SI base units, source key,
// doubts].
import type { DeviceRow } from "./row.js";

export const jetsonAndSpark = {
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
  "dgx-spark": {
    name: "NVIDIA DGX Spark (GB10)",
    kind: "soc",
    peakFlops: {
      fp32: [
        31e12,
        "spark",
        { status: "read_secondary", doubt: "TechPowerUp lists 29.7: 48 SMs at 2418 MHz; 31 would need 2.52 GHz" },
      ],
      fp4: [
        500e12,
        "spark",
        { status: "read_secondary", doubt: "at 2418 MHz it is 475", note: "printed as 1 PFLOP/s with sparsity" },
      ],
    },
    bandwidth: [273e9, "spark", { status: "read_secondary", doubt: "301 GB/s at the memory's highest rate" }],
    memory: [128e9, "spark", { status: "read_secondary" }],
    tdp: [140, "spark", { status: "read_secondary", note: "of the chip" }],
    note: "no rate between FP32 and FP4 is printed; in BF16, sources take 59 to 125 TFLOP/s for its peak",
  },
} satisfies Record<string, DeviceRow>;
