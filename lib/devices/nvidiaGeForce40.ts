// NVIDIA's GeForce RTX 40 cards: data only. Dense peaks, with FP32 accumulation; a figure is [value in SI base units,
// source key, doubts].
import type { DeviceRow } from "./row.js";

const listed = { status: "read_secondary" } as const;
const tensor = {
  status: "derived",
  note: "SMs x boost clock (TechPowerUp) x 512 FLOP, FP8 1,024, INT8 2,048, as the Ada whitepaper's RTX 4090",
} as const;

export const geForce40 = {
  rtx4060: {
    name: "NVIDIA GeForce RTX 4060",
    kind: "gpu",
    peakFlops: {
      fp32: [15.11e12, "tpu", listed],
      bf16: [30.2e12, "der", tensor],
      fp16: [30.2e12, "der", tensor],
      fp8: [60.5e12, "der", tensor],
      int8: [120.9e12, "der", tensor],
    },
    bandwidth: [272e9, "tpu", listed],
    memory: [8e9, "tpu", listed],
    tdp: [115, "tpu", listed],
    caches: { L2: [24e6, "tpu", listed] },
  },
  "rtx4060ti-16": {
    name: "NVIDIA GeForce RTX 4060 Ti 16GB",
    kind: "gpu",
    peakFlops: {
      fp32: [22.06e12, "tpu", listed],
      bf16: [44.1e12, "der", tensor],
      fp16: [44.1e12, "der", tensor],
      fp8: [88.3e12, "der", tensor],
      int8: [176.5e12, "der", tensor],
    },
    bandwidth: [288e9, "tpu", listed],
    memory: [16e9, "tpu", listed],
    tdp: [165, "tpu", listed],
    caches: { L2: [32e6, "tpu", listed] },
  },
  rtx4070: {
    name: "NVIDIA GeForce RTX 4070",
    kind: "gpu",
    peakFlops: {
      fp32: [29.15e12, "tpu", listed],
      bf16: [58.3e12, "der", tensor],
      fp16: [58.3e12, "der", tensor],
      fp8: [116.6e12, "der", tensor],
      int8: [233.2e12, "der", tensor],
    },
    bandwidth: [504e9, "tpu", listed],
    memory: [12e9, "tpu", listed],
    tdp: [200, "tpu", listed],
    caches: { L2: [36e6, "tpu", listed] },
  },
  "rtx4070ti-super": {
    name: "NVIDIA GeForce RTX 4070 Ti SUPER",
    kind: "gpu",
    peakFlops: {
      fp32: [44.1e12, "tpu", listed],
      bf16: [88.2e12, "der", tensor],
      fp16: [88.2e12, "der", tensor],
      fp8: [176.4e12, "der", tensor],
      int8: [352.8e12, "der", tensor],
    },
    bandwidth: [672e9, "tpu", listed],
    memory: [16e9, "tpu", listed],
    tdp: [285, "tpu", listed],
    caches: { L2: [48e6, "tpu", listed] },
  },
  rtx4080: {
    name: "NVIDIA GeForce RTX 4080 16GB",
    kind: "gpu",
    peakFlops: {
      fp32: [48.74e12, "tpu", listed],
      bf16: [97.5e12, "der", tensor],
      fp16: [97.5e12, "der", tensor],
      fp8: [194.9e12, "der", tensor],
      int8: [389.9e12, "der", tensor],
    },
    bandwidth: [716.8e9, "tpu", listed],
    memory: [16e9, "tpu", listed],
    tdp: [320, "tpu", listed],
    caches: { L2: [64e6, "tpu", listed] },
  },
  "rtx4080-super": {
    name: "NVIDIA GeForce RTX 4080 SUPER",
    kind: "gpu",
    peakFlops: {
      fp32: [52.22e12, "tpu", listed],
      bf16: [104.4e12, "der", tensor],
      fp16: [104.4e12, "der", tensor],
      fp8: [208.9e12, "der", tensor],
      int8: [417.8e12, "der", tensor],
    },
    bandwidth: [736.3e9, "tpu", listed],
    memory: [16e9, "tpu", listed],
    tdp: [320, "tpu", listed],
    caches: { L2: [64e6, "tpu", listed] },
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
} satisfies Record<string, DeviceRow>;
