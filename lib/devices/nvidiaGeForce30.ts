// NVIDIA's GeForce RTX 30 cards: data only. Dense peaks, with FP32 accumulation; a figure is [value in SI base units,
// source key, doubts].
import type { DeviceRow } from "./row.js";

const listed = { status: "read_secondary" } as const;
const tensor = {
  status: "derived",
  note: "SMs x boost clock (TechPowerUp) x 512 FLOP, INT8 2,048 (GA102 whitepaper; gpumap)",
} as const;

export const geForce30 = {
  rtx3060: {
    name: "NVIDIA GeForce RTX 3060 12GB",
    kind: "gpu",
    peakFlops: {
      fp32: [12.74e12, "tpu", listed],
      bf16: [25.5e12, "der", tensor],
      fp16: [25.5e12, "der", tensor],
      int8: [101.9e12, "der", tensor],
    },
    bandwidth: [360e9, "tpu", listed],
    memory: [12e9, "tpu", listed],
    tdp: [170, "tpu", listed],
    caches: { L2: [3e6, "tpu", listed] },
  },
  rtx3060ti: {
    name: "NVIDIA GeForce RTX 3060 Ti",
    kind: "gpu",
    peakFlops: {
      fp32: [16.2e12, "tpu", listed],
      bf16: [32.4e12, "der", tensor],
      fp16: [32.4e12, "der", tensor],
      int8: [129.6e12, "der", tensor],
    },
    bandwidth: [448e9, "tpu", listed],
    memory: [8e9, "tpu", listed],
    tdp: [200, "tpu", listed],
    caches: { L2: [4e6, "tpu", listed] },
  },
  rtx3070: {
    name: "NVIDIA GeForce RTX 3070",
    kind: "gpu",
    peakFlops: {
      fp32: [20.31e12, "tpu", listed],
      bf16: [40.6e12, "der", tensor],
      fp16: [40.6e12, "der", tensor],
      int8: [162.5e12, "der", tensor],
    },
    bandwidth: [448e9, "tpu", listed],
    memory: [8e9, "tpu", listed],
    tdp: [220, "tpu", listed],
    caches: { L2: [4e6, "tpu", listed] },
  },
  rtx3080: {
    name: "NVIDIA GeForce RTX 3080 10GB",
    kind: "gpu",
    peakFlops: {
      fp32: [29.77e12, "tpu", listed],
      bf16: [59.5e12, "der", tensor],
      fp16: [59.5e12, "der", tensor],
      int8: [238.1e12, "der", tensor],
    },
    bandwidth: [760.3e9, "tpu", listed],
    memory: [10e9, "tpu", listed],
    tdp: [320, "tpu", listed],
    caches: { L2: [5e6, "tpu", listed] },
  },
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
  rtx3090ti: {
    name: "NVIDIA GeForce RTX 3090 Ti",
    kind: "gpu",
    peakFlops: {
      fp32: [40e12, "tpu", listed],
      bf16: [80e12, "der", tensor],
      fp16: [80e12, "der", tensor],
      int8: [320e12, "der", tensor],
    },
    bandwidth: [1008e9, "tpu", listed],
    memory: [24e9, "tpu", listed],
    tdp: [450, "tpu", listed],
    caches: { L2: [6e6, "tpu", listed] },
  },
} satisfies Record<string, DeviceRow>;
