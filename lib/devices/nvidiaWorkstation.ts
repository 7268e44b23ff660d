// NVIDIA's RTX workstation GPUs: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

const listed = { status: "read_secondary" } as const;
const fullRate = {
  status: "derived",
  doubt: "NVIDIA's data sheet prints FP4 alone; some lists take these for figures with sparsity",
  note: "188 SMs x 2617 MHz (TechPowerUp) x 1,024 FLOP, FP8 and INT8 2,048: full rate with FP32 accumulation",
} as const;

export const workstation = {
  a6000: {
    name: "NVIDIA RTX A6000",
    kind: "gpu",
    peakFlops: {
      fp32: [38.7e12, "a6000", listed],
      tf32: [77.4e12, "a6000", listed],
      bf16: [154.8e12, "a6000", listed],
      fp16: [154.8e12, "a6000", listed],
      int8: [309.7e12, "a6000", listed],
    },
    bandwidth: [768e9, "a6000", listed],
    memory: [48e9, "a6000", listed],
    tdp: [300, "a6000", listed],
    caches: { L2: [6e6, "tpu", listed] },
  },
  "rtx6000-ada": {
    name: "NVIDIA RTX 6000 Ada Generation",
    kind: "gpu",
    peakFlops: {
      fp32: [91.1e12, "rtx6000ada"],
      tf32: [182e12, "gpumap", listed],
      bf16: [364e12, "gpumap", listed],
      fp16: [364e12, "gpumap", listed],
      fp8: [728.5e12, "rtx6000ada", { note: "printed as 1457 with sparsity" }],
      int8: [728.5e12, "gpumap", { status: "read_secondary", note: "listed as 1,457 with sparsity" }],
    },
    bandwidth: [960e9, "rtx6000ada"],
    memory: [48e9, "rtx6000ada"],
    tdp: [300, "rtx6000ada"],
    caches: { L2: [96e6, "tpu", listed] },
  },
  "rtx-pro-6000": {
    name: "NVIDIA RTX PRO 6000 Blackwell Workstation Edition",
    kind: "gpu",
    peakFlops: {
      fp32: [125e12, "rtxpro6000", { doubt: "TechPowerUp lists 126, which its clock makes" }],
      bf16: [503.8e12, "der", fullRate],
      fp16: [503.8e12, "der", fullRate],
      fp8: [1007.6e12, "der", fullRate],
      int8: [1007.6e12, "der", fullRate],
      fp4: [2000e12, "rtxpro6000", { note: "printed as 4000 with sparsity; the clock makes 2015" }],
    },
    bandwidth: [1792e9, "rtxpro6000"],
    memory: [96e9, "rtxpro6000"],
    tdp: [600, "rtxpro6000"],
    caches: { L2: [128e6, "tpu", listed] },
  },
} satisfies Record<string, DeviceRow>;
