// Google TPUs: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const google = {
  "tpu-v4": {
    name: "Google TPU v4",
    kind: "tpu",
    peakFlops: {
      bf16: [275e12, "stas"],
      int8: [275e12, "stas"],
    },
    bandwidth: [1200e9, "sb"],
    memory: [32e9, "sb"],
    tdp: [170, "mem", { status: "from_memory", doubt: "no primary source was read", note: "typical; range 90-192 W" }],
    caches: { CMEM: [128e6, "mem", { status: "from_memory", doubt: "no primary source was read" }] },
  },
  "tpu-v5e": {
    name: "Google TPU v5e",
    kind: "tpu",
    peakFlops: {
      bf16: [197e12, "v5e"],
      int8: [394e12, "sb", { doubt: "one GCP page: 393" }],
    },
    bandwidth: [819e9, "v5e", { doubt: "scaling book text 820, its table 810" }],
    memory: [16e9, "v5e"],
    caches: { VMEM: [128 * 2 ** 20, "sb"] },
  },
  "tpu-v5p": {
    name: "Google TPU v5p",
    kind: "tpu",
    peakFlops: {
      bf16: [459e12, "v5p"],
      int8: [918e12, "sb"],
    },
    bandwidth: [2765e9, "v5p", { doubt: "scaling book table 2800" }],
    memory: [95e9, "v5p", { doubt: "scaling book table 96" }],
  },
  "tpu-v6e": {
    name: "Google TPU v6e (Trillium)",
    kind: "tpu",
    peakFlops: {
      bf16: [918e12, "v6e", { doubt: "scaling book 910/920" }],
      int8: [1836e12, "v6e"],
    },
    bandwidth: [1638e9, "v6e"],
    memory: [32e9, "v6e"],
  },
  "tpu-v7": {
    name: "Google TPU v7 (Ironwood, TPU7x)",
    kind: "tpu",
    peakFlops: {
      bf16: [2307e12, "tpu7x"],
      fp8: [4614e12, "tpu7x"],
    },
    bandwidth: [7380e9, "tpu7x", { doubt: "announced as 7.2 and 7.37 TB/s" }],
    memory: [192 * 2 ** 30, "tpu7x"],
    note: "of a chip, which appears as two devices: halve for one",
  },
} satisfies Record<string, DeviceRow>;
