// Apple's fifth generation of M GPUs: data only. Dense peaks; a figure is [value in SI base units, source key, doubts].
import type { DeviceRow } from "./row.js";

const accelerator = {
  status: "derived",
  doubt: "measured on an A19, whose cores are the same; Apple prints no figure",
  note: "10 cores x 1578 MHz x 1,024 FLOP of a neural accelerator, INT8 2,048",
} as const;

export const m5 = {
  m5: {
    name: "Apple M5 (10-core GPU)",
    kind: "soc",
    peakFlops: {
      fp32: [
        4.04e12,
        "m5roof",
        {
          status: "derived",
          doubt: "huggingface.js lists 5.7, which would need 2.2 GHz",
          note: "10 cores x 256 x 1578 MHz; 3.76 was measured",
        },
      ],
      bf16: [16.2e12, "neuralacc", accelerator],
      fp16: [16.2e12, "neuralacc", accelerator],
      int8: [32.3e12, "neuralacc", accelerator],
    },
    bandwidth: [153e9, "m5"],
    memory: [32e9, "m5", { note: "largest option; unified" }],
  },
} satisfies Record<string, DeviceRow>;
