// How the derivation of a peak is written: clock x units x FLOP per clock and unit, or the doubt in one sentence.
import type { DType } from "../../lib/index.js";

/**
 * `flopPerClock`: of one unit, an FMA being two. `step`: what the vendor's figure is printed to, where that is not the
 * last digit of the table's (half of a figure that is printed with sparsity).
 */
export interface Derived {
  clock: number;
  units: number;
  flopPerClock: number;
  source: string;
  step?: number;
}
interface Doubted {
  doubt: string;
}
export type Peak = Derived | Doubted;
export type Peaks = Partial<Record<DType, Peak>>;

/** Peaks of one chip at one clock. */
export const chip = (source: string, clock: number, units: number, rates: Partial<Record<DType, number>>): Peaks =>
  Object.fromEntries(
    Object.entries(rates).map(([dtype, flopPerClock]) => [dtype, { clock, units, flopPerClock, source }]),
  );
export const printedTo = (step: number, peak: Peak | undefined): Peak => ({ ...(peak as Derived), step });
/** The same doubt about all of `dtypes`. */
export const doubted = (doubt: string, ...dtypes: DType[]): Peaks =>
  Object.fromEntries(dtypes.map((dtype) => [dtype, { doubt }]));
