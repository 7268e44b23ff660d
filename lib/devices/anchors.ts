// What was measured on devices of the table, against their data sheet. Use these instead of an invented share of peak.

/** What was measured on a device, against the table's figure. */
export interface MeasuredAnchor {
  /** Id of the device. */
  readonly device: string;
  /** What was measured: "STREAM triad". */
  readonly quantity: string;
  /** What it came to, in `unit`. */
  readonly value: number;
  /** Of `value`. */
  readonly unit: "FLOP/s" | "B/s";
  /** Path of the table's figure: "bandwidth", "peakFlops.bf16". */
  readonly of: string;
  /** `value` over the table's figure, 0 to 1. */
  readonly ofSpec: number;
  /** Who published it. */
  readonly source: string;
}

/** Published measurements on devices of the table. */
export const measuredAnchors: readonly MeasuredAnchor[] = [
  {
    device: "h100-pcie",
    quantity: "STREAM triad",
    value: 1832e9,
    unit: "B/s",
    of: "bandwidth",
    ofSpec: 0.92,
    source: "te42kyfo/gpu-benches, README",
  },
  {
    device: "v100-sxm2",
    quantity: "STREAM triad",
    value: 814e9,
    unit: "B/s",
    of: "bandwidth",
    ofSpec: 0.9,
    source: "te42kyfo/gpu-benches, gpu-stream/v100.txt",
  },
  {
    device: "a100-80-sxm",
    quantity: "STREAM triad",
    value: 1759e9,
    unit: "B/s",
    of: "bandwidth",
    ofSpec: 0.86,
    source: "te42kyfo/gpu-benches, gpu-stream/a100_80.txt",
  },
  {
    device: "m1-max",
    quantity: "GPU bandwidth",
    value: 317.6e9,
    unit: "B/s",
    of: "bandwidth",
    ofSpec: 0.775,
    source: "ggml-org/llama.cpp PR #1642",
  },
  {
    device: "a100-80-sxm",
    quantity: "best BF16 matmul",
    value: 271.2e12,
    unit: "FLOP/s",
    of: "peakFlops.bf16",
    ofSpec: 0.869,
    source: "stas00/ml-engineering, MAMF",
  },
  {
    device: "h100-sxm",
    quantity: "best BF16 matmul",
    value: 794.5e12,
    unit: "FLOP/s",
    of: "peakFlops.bf16",
    ofSpec: 0.803,
    source: "stas00/ml-engineering, MAMF",
  },
  {
    device: "b200",
    quantity: "best BF16 matmul",
    value: 1745e12,
    unit: "FLOP/s",
    of: "peakFlops.bf16",
    ofSpec: 0.776,
    source: "stas00/ml-engineering, MAMF",
  },
  {
    device: "mi300x",
    quantity: "best BF16 matmul",
    value: 668.4e12,
    unit: "FLOP/s",
    of: "peakFlops.bf16",
    ofSpec: 0.514,
    source: "stas00/ml-engineering, MAMF",
  },
];
