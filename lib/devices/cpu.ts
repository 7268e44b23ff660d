// Server and single-board CPUs: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

export const cpu = {
  rpi5: {
    name: "Raspberry Pi 5 (4x Cortex-A76 2.4 GHz)",
    kind: "cpu",
    peakFlops: {
      fp32: [
        0.1536e12,
        "der",
        { status: "derived", note: "4 cores x 2.4 GHz x 2 NEON 128-bit FMA pipes x 4 lanes x 2" },
      ],
    },
    bandwidth: [17e9, "rpi"],
    memory: [8e9, "mem", { status: "from_memory", doubt: "no primary source was read", note: "4/8/16 GB" }],
    tdp: [12, "mem", { status: "from_memory", doubt: "no primary source was read", note: "board under load" }],
    caches: { L3: [2e6, "rpi"], L2_per_core: [512e3, "rpi"], L1D_per_core: [64e3, "rpi"] },
  },
  "xeon-8480": {
    name: "Intel Xeon Platinum 8480+ (56 cores)",
    kind: "cpu",
    peakFlops: {
      fp32: [7.2e12, "der", { status: "derived", note: "56 x 2.0 GHz base x 64 FLOP/cycle (2 AVX-512 FMA)" }],
      bf16: [229e12, "der", { status: "derived", note: "AMX: 56 x 2.0 GHz x 2048 FLOP/cycle" }],
    },
    bandwidth: [307.2e9, "der", { status: "derived", note: "8 channels DDR5-4800" }],
    memory: [4000e9, "mem", { status: "from_memory", doubt: "no primary source was read", note: "max" }],
    tdp: [350, "mem", { status: "from_memory", doubt: "no primary source was read" }],
    caches: { L3: [105e6, "mem", { status: "from_memory", doubt: "no primary source was read" }] },
  },
  "epyc-9654": {
    name: "AMD EPYC 9654 (96 cores)",
    kind: "cpu",
    peakFlops: {
      fp32: [7.4e12, "der", { status: "derived", note: "96 x 2.4 GHz base x 32 FLOP/cycle (2 x 256-bit FMA)" }],
    },
    bandwidth: [
      460.8e9,
      "der",
      { status: "derived", note: "12 channels DDR5-4800 (channels and speed read: tech2sports/llmperf pages)" },
    ],
    memory: [6000e9, "mem", { status: "from_memory", doubt: "no primary source was read", note: "max" }],
    tdp: [360, "mem", { status: "from_memory", doubt: "no primary source was read" }],
    caches: { L3: [384e6, "epyc", { status: "read_secondary" }] },
  },
} satisfies Record<string, DeviceRow>;
