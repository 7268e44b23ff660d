// Speculative decoding: a small model proposes, the large one checks all proposals in one step.
import { positiveIntegers, shown } from "../check.js";

/** What is proposed. */
export interface SpeculationOptions {
  /** Tokens that are proposed in a step. */
  drafted: number;
  /** Probability that one is accepted, if those before it were. */
  acceptance: number;
  /** Time to propose one, as a share of a step's; default 0. */
  draftCost?: number;
}

/**
 * Tokens that a step gives on average: (1 − a^(k + 1)) / (1 − a) of k drafted tokens accepted with probability a, the
 * one that the large model adds included; from 1 to k + 1. (Leviathan et al., arXiv 2211.17192, equation 1)
 */
export function speculation({ drafted, acceptance }: SpeculationOptions): number {
  positiveIntegers("speculation", { drafted });
  if (!(acceptance >= 0 && acceptance <= 1))
    throw new RangeError(`speculation: acceptance must be from 0 to 1, got ${shown(acceptance)}`);
  return Array.from({ length: drafted + 1 }, (_, i) => acceptance ** i).reduce((n, share) => n + share, 0);
}
