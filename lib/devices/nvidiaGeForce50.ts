// NVIDIA's GeForce RTX 50 cards: data only. Dense peaks, with FP32 accumulation; a figure is [value in SI base units,
// source key, doubts].
import type { DeviceRow } from "./row.js";

const listed = { status: "read_secondary" } as const;
const tensor = {
  status: "derived",
  note: "SMs x boost clock (TechPowerUp) x 512 FLOP, FP8 1,024, INT8 2,048, FP4 4,096, as the whitepaper's RTX 5090",
} as const;

export const geForce50 = {
  "rtx5060ti-16": {
    name: "NVIDIA GeForce RTX 5060 Ti 16GB",
    kind: "gpu",
    peakFlops: {
      fp32: [23.7e12, "tpu", listed],
      bf16: [47.4e12, "der", tensor],
      fp16: [47.4e12, "der", tensor],
      fp8: [94.8e12, "der", tensor],
      int8: [189.6e12, "der", tensor],
      fp4: [379.3e12, "der", tensor],
    },
    bandwidth: [448e9, "tpu", listed],
    memory: [16e9, "tpu", listed],
    tdp: [180, "tpu", listed],
    caches: { L2: [32e6, "tpu", listed] },
  },
  rtx5070: {
    name: "NVIDIA GeForce RTX 5070",
    kind: "gpu",
    peakFlops: {
      fp32: [30.87e12, "tpu", listed],
      bf16: [61.7e12, "der", tensor],
      fp16: [61.7e12, "der", tensor],
      fp8: [123.5e12, "der", tensor],
      int8: [246.9e12, "der", tensor],
      fp4: [493.9e12, "der", tensor],
    },
    bandwidth: [672e9, "tpu", listed],
    memory: [12e9, "tpu", listed],
    tdp: [250, "tpu", listed],
    caches: { L2: [48e6, "tpu", listed] },
  },
  rtx5070ti: {
    name: "NVIDIA GeForce RTX 5070 Ti",
    kind: "gpu",
    peakFlops: {
      fp32: [43.94e12, "tpu", listed],
      bf16: [87.9e12, "der", tensor],
      fp16: [87.9e12, "der", tensor],
      fp8: [175.8e12, "der", tensor],
      int8: [351.5e12, "der", tensor],
      fp4: [703e12, "der", tensor],
    },
    bandwidth: [896e9, "tpu", listed],
    memory: [16e9, "tpu", listed],
    tdp: [300, "tpu", listed],
    caches: { L2: [48e6, "tpu", listed] },
  },
  rtx5080: {
    name: "NVIDIA GeForce RTX 5080",
    kind: "gpu",
    peakFlops: {
      fp32: [56.28e12, "tpu", listed],
      bf16: [112.6e12, "der", tensor],
      fp16: [112.6e12, "der", tensor],
      fp8: [225.1e12, "der", tensor],
      int8: [450.2e12, "der", tensor],
      fp4: [900.4e12, "der", tensor],
    },
    bandwidth: [960e9, "tpu", listed],
    memory: [16e9, "tpu", listed],
    tdp: [360, "tpu", listed],
    caches: { L2: [64e6, "tpu", listed] },
  },
  rtx5090: {
    name: "NVIDIA GeForce RTX 5090",
    kind: "gpu",
    peakFlops: {
      fp32: [104.8e12, "rn", { status: "read_secondary" }],
      bf16: [209.5e12, "gb202", { note: "FP32 accumulate; sparse 419" }],
      fp16: [209.5e12, "gb202", { note: "FP32 accumulate; sparse 419" }],
      fp8: [419e12, "gb202", { note: "FP32 accumulate" }],
      int8: [838e12, "gpumap", listed],
      fp4: [1676e12, "gb202"],
    },
    bandwidth: [1792e9, "gb202"],
    memory: [32e9, "rn", { status: "read_secondary" }],
    tdp: [575, "rn", { status: "read_secondary" }],
    caches: { L2: [96e6, "rn", { status: "read_secondary" }] },
  },
} satisfies Record<string, DeviceRow>;
