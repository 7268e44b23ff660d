// NVIDIA's Volta, Turing, Ampere and Ada GPUs for data centres: data only. Dense peaks; a figure is [value in SI base
// units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const beforeHopper = {
  "v100-sxm2": {
    name: "NVIDIA V100 SXM2 32GB",
    kind: "gpu",
    peakFlops: {
      fp32: [15.7e12, "ga100"],
      fp16: [125e12, "ga100", { note: "no BF16, no TF32, no sparsity" }],
    },
    bandwidth: [900e9, "ga100"],
    memory: [32e9, "ga100"],
    tdp: [300, "hwup", { status: "read_secondary", note: "TechPowerUp's 250 W is the PCIe card" }],
    caches: { L2: [6e6, "ga100"], L1_per_SM: [128e3, "rn", { status: "read_secondary" }] },
  },
  t4: {
    name: "NVIDIA T4",
    kind: "gpu",
    peakFlops: {
      fp32: [8.1e12, "gcpgpu", { status: "read_secondary" }],
      fp16: [65e12, "t4"],
      int8: [130e12, "geek", { status: "read_secondary" }],
    },
    bandwidth: [320e9, "t4brief", { doubt: "the data sheet prints 300 GB/s", note: "256 bits, 5001 MHz" }],
    memory: [16e9, "t4"],
    tdp: [70, "t4brief"],
    caches: { L2: [4e6, "rn", { status: "read_secondary" }] },
  },
  a10g: {
    name: "NVIDIA A10G (AWS)",
    kind: "gpu",
    peakFlops: {
      fp32: [31.5e12, "rn", { status: "read_secondary", doubt: "NVIDIA/AWS datasheet 35 (memory)" }],
      bf16: [
        70e12,
        "mem",
        {
          status: "from_memory",
          doubt: "secondary lists say 62.5; the A10 (not G) is 125; no primary source was read",
        },
      ],
      fp16: [
        70e12,
        "mem",
        {
          status: "from_memory",
          doubt: "secondary lists say 62.5; the A10 (not G) is 125; no primary source was read",
          note: "FP16 with FP32 accumulation, the rate of BF16 on these tensor cores",
        },
      ],
    },
    bandwidth: [600e9, "rn", { status: "read_secondary" }],
    memory: [24e9, "rn", { status: "read_secondary" }],
    tdp: [
      300,
      "mem",
      {
        status: "from_memory",
        doubt: "RightNow lists 150 W (that is the A10); AWS nvidia-smi gist says 300 W; no primary source was read",
      },
    ],
    caches: { L2: [6e6, "rn", { status: "read_secondary" }] },
  },
  l4: {
    name: "NVIDIA L4",
    kind: "gpu",
    peakFlops: {
      fp32: [30.3e12, "l4"],
      tf32: [60e12, "l4"],
      bf16: [121e12, "l4"],
      fp16: [121e12, "l4"],
      fp8: [242.5e12, "l4"],
      int8: [242.5e12, "l4"],
    },
    bandwidth: [300e9, "l4"],
    memory: [24e9, "l4"],
    tdp: [72, "l4"],
    caches: { L2: [48e6, "rn", { status: "read_secondary" }] },
  },
  l40s: {
    name: "NVIDIA L40S",
    kind: "gpu",
    peakFlops: {
      fp32: [91.6e12, "stas"],
      tf32: [183e12, "stas"],
      bf16: [362e12, "stas"],
      fp16: [362e12, "stas"],
      fp8: [733e12, "stas"],
      int8: [733e12, "stas"],
    },
    bandwidth: [864e9, "rn", { status: "read_secondary", doubt: "stas table rounds to 0.86 TB/s" }],
    memory: [48e9, "stas"],
    tdp: [350, "hfjs", { status: "read_secondary", doubt: "RightNow lists 300 W" }],
    caches: {
      L2: [
        48e6,
        "rn",
        {
          status: "read_secondary",
          doubt: "TechPowerUp lists 96 MB for L40 and 48 MB for L40S; AD102 full die is 96 MB",
        },
      ],
    },
  },
  "a100-40-sxm": {
    name: "NVIDIA A100 SXM4 40GB",
    kind: "gpu",
    peakFlops: {
      fp32: [19.5e12, "ga100"],
      tf32: [156e12, "ga100"],
      bf16: [312e12, "ga100"],
      fp16: [312e12, "ga100"],
      int8: [624e12, "ga100"],
    },
    bandwidth: [1555e9, "ga100"],
    memory: [40e9, "ga100"],
    tdp: [400, "rn", { status: "read_secondary" }],
    caches: { L2: [40e6, "nvperf"], L1_smem_per_SM: [192e3, "stas"] },
  },
  "a100-80-sxm": {
    name: "NVIDIA A100 SXM4 80GB",
    kind: "gpu",
    peakFlops: {
      fp32: [19.5e12, "stas"],
      tf32: [156e12, "stas"],
      bf16: [312e12, "stas"],
      fp16: [312e12, "stas"],
      int8: [624e12, "stas"],
    },
    bandwidth: [2039e9, "nvperf"],
    memory: [80e9, "stas"],
    tdp: [400, "rn", { status: "read_secondary" }],
    caches: { L2: [40e6, "nvperf"], L1_smem_per_SM: [192e3, "stas"] },
    note: "A100 has no FP8; an FP8 row in one copy of the spec equals INT8",
  },
  "a100-80-pcie": {
    name: "NVIDIA A100 PCIe 80GB",
    kind: "gpu",
    peakFlops: {
      fp32: [19.5e12, "stas"],
      tf32: [156e12, "stas"],
      bf16: [312e12, "stas"],
      fp16: [312e12, "stas"],
      int8: [624e12, "stas"],
    },
    bandwidth: [1940e9, "stas", { note: "rounded from 1935" }],
    memory: [80e9, "stas"],
    tdp: [300, "thunder", { status: "read_secondary" }],
    caches: { L2: [40e6, "nvperf"] },
  },
} satisfies Record<string, DeviceRow>;
