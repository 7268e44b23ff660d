// Findings of lecture 3: what its results show, as sentences that are computed from them.
import type { Device, Estimate } from "../../roofline.js";
import { formatTime, grouped, si, significant } from "../../units.js";
import type { Finding } from "../finding.js";
import { measured } from "./lecture3Measured.js";
import { serving } from "./lecture3Serving.js";

interface Named extends Estimate {
  readonly name: string;
}

const rate = (d: Device, dtype: "fp32" | "tf32" | "bf16"): number => d.peakFlops[dtype] ?? NaN;
const list = (values: readonly number[], digits = 3): string => values.map((v) => significant(v, digits)).join(", ");
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** The NVIDIA A100 and H100, the RTX 4090, the M2 and the M2 Pro. */
interface Given {
  readonly a100: Device;
  readonly h100: Device;
  readonly rtx4090: Device;
  readonly m2: Device;
  readonly m2Pro: Device;
}

export const lecture3 = {
  "peaks-have-dtypes": {
    holds: ({ a100, h100, rtx4090, m2, m2Pro }) =>
      rate(a100, "bf16") > rate(a100, "tf32") &&
      rate(rtx4090, "bf16") > rate(rtx4090, "fp32") &&
      rate(h100, "bf16") > rate(rtx4090, "bf16") &&
      rate(m2Pro, "fp32") > rate(m2, "fp32"),
    says: ({ a100, h100, rtx4090, m2, m2Pro }) =>
      `${si(rate(a100, "bf16"), "FLOP/s")} is the A100 in bf16; in tf32 it does ${si(rate(a100, "tf32"), "FLOP/s")}. ` +
      `${si(rate(rtx4090, "fp32"), "FLOP/s")} is the RTX 4090 in fp32, on its vector units; in bf16 it does ` +
      `${si(rate(rtx4090, "bf16"), "FLOP/s")}. Against the H100's ${si(rate(h100, "bf16"), "FLOP/s")} in bf16 it ` +
      `looked ${significant(rate(h100, "bf16") / rate(rtx4090, "fp32"), 2)} times slower; like for like it is ` +
      `${significant(rate(h100, "bf16") / rate(rtx4090, "bf16"), 2)}. ${si(rate(m2, "fp32"), "FLOP/s")} is the M2; ` +
      `the M2 Pro with 19 cores does ${si(rate(m2Pro, "fp32"), "FLOP/s")}.`,
    otherwise: () => "The peaks of these devices do not lie as the corrections below have them.",
  } satisfies Finding<Given>,

  "unfused-limit": {
    holds: ({ limits, ridge }) => limits.length > 0 && limits.every(({ limit }) => limit < ridge),
    says: ({ limits, ridge }) =>
      `However long the sequence, unfused attention stays below ` +
      `${limits.map((l) => `${significant(l.limit)} FLOP/byte with heads of ${l.headDim}`).join(" and ")}: less than ` +
      `the ridge point, ${significant(ridge, 4)}. Length alone makes no attention compute-bound.`,
    otherwise: ({ limits, ridge }) =>
      `The limits of unfused attention are ${list(limits.map((l) => l.limit))} FLOP/byte; not all of them lie below ` +
      `the ridge point, ${significant(ridge, 4)}.`,
  } satisfies Finding<{ limits: readonly { headDim: number; limit: number }[]; ridge: number }>,

  "no-one-share": {
    holds: ({ shares }) => Math.max(...shares) > 1.2 * Math.min(...shares),
    says: ({ shares }) =>
      `Real kernels reach from ${Math.min(...shares)} to ${Math.max(...shares)} of the data sheet: there is no one ` +
      `factor.`,
    otherwise: ({ shares }) => `The shares are ${list(sorted(shares))}: nearly one factor.`,
  } satisfies Finding<{ shares: readonly number[] }>,

  "batch-and-token": {
    holds: ({ bounds }) => bounds.every((b, i) => i === 0 || perToken(b) < perToken(bounds[i - 1]!)),
    says: ({ bounds }) => {
      const [last, before] = [bounds.at(-1)!, bounds.at(-3)!];
      return (
        `A token's share of the time falls all the way: ${shares(bounds)}. ` +
        `From ${before.tokens} to ${grouped(last.tokens)} tokens it still falls by a factor of ` +
        `${significant(perToken(before) / perToken(last), 2)}; at the end it is ` +
        `${last.bound === "compute" ? "the arithmetic of one token, and stays" : "still the bytes' share"}.`
      );
    },
    otherwise: ({ bounds }) => `A token's share of the time does not fall all the way: ${shares(bounds)}.`,
  } satisfies Finding<{ bounds: readonly (Named & { tokens: number })[] }>,

  "two-of-four": {
    holds: ({ dense, sparse }) => sparse > dense / 2 && sparse < dense,
    says: ({ dense, sparse }) =>
      `Four dense weights take ${dense} bits, the two that 2 : 4 sparsity keeps ${sparse} with their places: ` +
      `${significant(sparse / dense, 4)} of the bytes, not half.`,
    otherwise: ({ dense, sparse }) => `Of ${dense} bits ${sparse} are left, ${significant(sparse / dense, 4)} of them.`,
  } satisfies Finding<{ dense: number; sparse: number }>,

  "what-moves-it": {
    holds: ({ before, after }) => after.some((a) => a.seconds < before.seconds),
    says: ({ before, after }) =>
      `Instead of ${formatTime(before.seconds)} it takes at least ` +
      `${after.map((a) => `${formatTime(a.seconds)} with ${a.name}${placed(before, a)}`).join(", ")}.`,
    otherwise: ({ before }) => `None of these changes takes less than ${formatTime(before.seconds)}.`,
  } satisfies Finding<{ before: Named; after: readonly Named[] }>,

  "ridge-back-and-forth": {
    holds: ({ rows }) => falls(rows).length > 0,
    says: ({ rows }) =>
      `The ridge point does not only move right: ${falls(rows)
        .map(([a, b]) => `from ${a.name} (${a.x}) to ${b.name} (${b.x}) it fell from ${point(a.y)} to ${point(b.y)}`)
        .join("; ")}.`,
    otherwise: ({ rows }) => `In each family it only rises: ${rows.map((r) => `${r.name} ${point(r.y)}`).join(", ")}.`,
  } satisfies Finding<{ rows: readonly Ridge[] }>,

  "totals-and-ops": {
    holds: ({ total, byOp }) => byOp > total,
    says: ({ total, byOp }) =>
      `Bounded as a whole, as if everything overlapped, prefill takes at least ${formatTime(total)}; op by op, one ` +
      `after another, at least ${formatTime(byOp)}: ${significant((byOp / total - 1) * 100, 2)} % more. Kernels run ` +
      `one after another, so that the second is the bound to use.`,
    otherwise: ({ total, byOp }) => `As a whole ${formatTime(total)}, op by op ${formatTime(byOp)}: no more.`,
  } satisfies Finding<{ total: number; byOp: number }>,

  "predicted-beside-measured": {
    holds: ({ rows }) => rows.every((r) => r.measured > r.bound),
    says: ({ rows }) => {
      const off = rows.map((r) => Math.abs(r.predicted / r.measured - 1));
      const short = rows.map((r) => r.bound / r.measured);
      const at = off.indexOf(Math.max(...off));
      return (
        `No measured time beats the bound, which is ${percent(Math.min(...short))} to ` +
        `${percent(Math.max(...short))} of it. The prediction is off by ` +
        `${percent(off.reduce((s, x) => s + x, 0) / off.length)} on average, most at ` +
        `${grouped(rows[at]!.tokens)} tokens, by ${percent(off[at]!)}.`
      );
    },
    otherwise: ({ rows }) =>
      `${rows.filter((r) => r.measured <= r.bound).length} of the measured times beat the bound.`,
  } satisfies Finding<{ rows: readonly { tokens: number; bound: number; predicted: number; measured: number }[] }>,

  ...serving,
  ...measured,
};

const perToken = (b: Named & { tokens: number }): number => b.seconds / b.tokens;
const shares = (bounds: readonly (Named & { tokens: number })[]): string =>
  bounds.map((b) => formatTime(perToken(b))).join(", ");
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const point = (y: number): string => y.toFixed(0);

interface Ridge {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly family: string;
}

/** Neighbours in the years of one family, of which the later has the lower ridge point. */
const falls = (rows: readonly Ridge[]): (readonly [Ridge, Ridge])[] =>
  rows.flatMap((row, i) => {
    const next = rows.slice(i + 1).find(({ family }) => family === row.family);
    return next !== undefined && next.y < row.y ? [[row, next] as const] : [];
  });

/** Where a point went: right, up, or both. */
function placed(before: Estimate, after: Estimate): string {
  const right = after.arithmeticIntensity > 1.01 * before.arithmeticIntensity;
  const up = after.attainableFlops > 1.01 * before.attainableFlops;
  return right || up ? ` (${[right ? "right" : "", up ? "up" : ""].filter(Boolean).join(" and ")})` : "";
}
