// Accelerators of Intel and Amazon: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const accelerators = {
  gaudi2: {
    name: "Intel Gaudi 2",
    kind: "npu",
    peakFlops: {
      bf16: [432e12, "stas"],
      fp8: [865e12, "stas"],
    },
    bandwidth: [2460e9, "stas", { doubt: "Intel's table of 2024 prints 2.45 TB/s" }],
    memory: [96e9, "stas"],
    tdp: [600, "gaudi", { status: "read_secondary" }],
    caches: { SRAM: [48 * 2 ** 20, "stas"] },
  },
  gaudi3: {
    name: "Intel Gaudi 3",
    kind: "npu",
    peakFlops: {
      bf16: [1677e12, "stas", { doubt: "Intel's white paper prints 1835, at 1750 MHz; it ships with 1600" }],
      fp8: [1677e12, "stas", { doubt: "Intel's white paper prints 1835, at 1750 MHz; it ships with 1600" }],
    },
    bandwidth: [3700e9, "stas"],
    memory: [128e9, "stas"],
    tdp: [900, "gaudi", { status: "read_secondary" }],
    caches: { SRAM: [96 * 2 ** 20, "stas"] },
  },
  trainium2: {
    name: "AWS Trainium2",
    kind: "npu",
    peakFlops: {
      fp32: [181e12, "neuron", { note: "of the tensor engine" }],
      tf32: [667e12, "neuron"],
      bf16: [667e12, "neuron", { doubt: "the page on its core prints 79 for each of eight: 632" }],
      fp16: [667e12, "neuron", { doubt: "the page on its core prints 79 for each of eight: 632" }],
      fp8: [1299e12, "neuron", { doubt: "the page on its core prints 158 for each of eight: 1264" }],
    },
    bandwidth: [2900e9, "neuron", { doubt: "one version of the guide prints 3 TB/s" }],
    memory: [96 * 2 ** 30, "neuron"],
    caches: { SRAM_per_core: [28e6, "neuron"] },
  },
} satisfies Record<string, DeviceRow>;
