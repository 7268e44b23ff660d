// What PyTorch took for a transposed view and for its contiguous copy. Recorded once: PyTorch 2.13 (CPU), one thread of
// a two-core AMD EPYC, 2026-11-24; the tensor of lecture 5, medians of interleaved rounds after warming up.
import { dotChart, type Chart } from "../../charts/index.js";

/** An operation on the view and on the copy. */
export interface TorchLayoutRow {
  /** As it is called in PyTorch. */
  readonly operation: string;
  /** Time on the transposed view over time on its contiguous copy. */
  readonly ratio: number;
}

const operations: Readonly<Record<string, number>> = {
  "sum()": 1.15,
  relu: 0.99,
  "x + x": 0.98,
  matmul: 0.97,
  "sum(-1)": 2.06,
  "sum(1)": 0.48,
  "x + view": 1.64,
  softmax: 2.63,
  layer_norm: 2.7,
  copy: 1.83,
};

/** What was recorded of PyTorch. */
export const torchLayouts = {
  /** Each operation with its ratio. */
  rows: Object.entries(operations).map(([operation, ratio]): TorchLayoutRow => ({ operation, ratio })),
  /** The lecture's own benchmark, unchanged: a hundred sums of the view and then a hundred of the copy, cold. */
  asGiven: 581.9 / 554.8,
  /** Seconds for making the copy. */
  copySeconds: 54e-3,
  /** Seconds that the copy saves each time, by operation. */
  savedSeconds: { "sum()": 0.27e-3, softmax: 52e-3 },
  /** Where and when. */
  origin: "PyTorch 2.13, one thread of an AMD EPYC with two cores, 2026-11-24",
};

/** The operations on an axis, with the claim as a band. */
export const torchLayoutChart = ({ rows, origin }: typeof torchLayouts): Chart =>
  dotChart(
    rows.map(({ operation, ratio }) => ({ name: operation, value: ratio })),
    {
      title: "Transposed view against contiguous copy, by operation",
      caption: `Recorded: ${origin}.`,
      x: "Time of view ÷ time of copy",
      domain: [0, 11],
      reference: { value: 1, label: "no effect" },
      band: { low: 2, high: 10, label: "the claim: 2 to 10" },
    },
  );

/** What becomes of the claim that contiguous access is 2 to 10 times faster. */
export function claimVerdict({ rows }: Pick<typeof torchLayouts, "rows">): { verdict: string; because: string } {
  const ratios = rows.map(({ ratio }) => ratio);
  const within = ratios.filter((ratio) => ratio >= 2 && ratio <= 10).length;
  const verdict = within === rows.length ? "confirmed" : within > 0 ? "corrected" : "refuted";
  return {
    verdict,
    because: `${Math.min(...ratios)} to ${Math.max(...ratios)} times by operation, ${within} of ${rows.length} within`,
  };
}

/** What becomes of the claim that the lecture's own benchmark shows it. */
export const benchmarkVerdict = ({
  asGiven,
}: Pick<typeof torchLayouts, "asGiven">): { verdict: string; because: string } => ({
  verdict: asGiven >= 2 && asGiven <= 10 ? "confirmed" : "refuted",
  because: `run unchanged it gives ${asGiven.toFixed(2)} in PyTorch: no warm-up, a fixed order, one block each`,
});
