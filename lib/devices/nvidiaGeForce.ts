// NVIDIA's consumer GPUs: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const geForce = {
  rtx3090: {
    name: "NVIDIA GeForce RTX 3090",
    kind: "gpu",
    peakFlops: {
      fp32: [35.6e12, "ga102"],
      bf16: [71e12, "ga102", { note: "FP32 accumulate; sparse 142" }],
      fp16: [71e12, "ga102", { note: "FP32 accumulate; sparse 142" }],
    },
    bandwidth: [936e9, "ga102"],
    memory: [24e9, "ga102"],
    tdp: [350, "rn", { status: "read_secondary" }],
    caches: { L2: [6e6, "ga102"], L1_per_SM: [128e3, "rn", { status: "read_secondary" }] },
    note: "FP16 with FP16 accumulation: 142 TFLOP/s",
  },
  rtx4090: {
    name: "NVIDIA GeForce RTX 4090",
    kind: "gpu",
    peakFlops: {
      fp32: [82.6e12, "ada"],
      bf16: [165.2e12, "ada", { note: "FP32 accumulate; sparse 330.4" }],
      fp16: [165.2e12, "ada", { note: "FP32 accumulate; sparse 330.4" }],
      fp8: [330.3e12, "ada", { note: "FP32 accumulate; 660.6 with FP16 accumulate" }],
      int8: [660.6e12, "ada"],
    },
    bandwidth: [1008e9, "ada"],
    memory: [24e9, "rn", { status: "read_secondary" }],
    tdp: [450, "rn", { status: "read_secondary" }],
    caches: { L2: [72e6, "ada"], L1_per_SM: [128e3, "ada"] },
    note: "FP16 with FP16 accumulation: 330.3 TFLOP/s",
  },
  rtx5090: {
    name: "NVIDIA GeForce RTX 5090",
    kind: "gpu",
    peakFlops: {
      fp32: [104.8e12, "rn", { status: "read_secondary" }],
      bf16: [209.5e12, "gb202", { note: "FP32 accumulate; sparse 419" }],
      fp16: [209.5e12, "gb202", { note: "FP32 accumulate; sparse 419" }],
      fp8: [419e12, "gb202", { note: "FP32 accumulate" }],
      fp4: [1676e12, "gb202"],
    },
    bandwidth: [1792e9, "gb202"],
    memory: [32e9, "rn", { status: "read_secondary" }],
    tdp: [575, "rn", { status: "read_secondary" }],
    caches: { L2: [96e6, "rn", { status: "read_secondary" }] },
  },
} satisfies Record<string, DeviceRow>;
