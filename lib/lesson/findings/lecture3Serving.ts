// Findings of lecture 3 on language models: two phases, and what a device can serve.
import { significant } from "../../units.js";
import type { Finding } from "../finding.js";

export const serving = {
  "decode-starves": {
    holds: ({ intensity, ridge }) => intensity < ridge,
    says: ({ intensity, ridge }) =>
      `Decoding at batch 1 does ${significant(intensity)} FLOP for each byte, ` +
      `${significant((100 * intensity) / ridge, 2)} % of what the ridge point asks for: ` +
      `so much of the arithmetic that was paid for is used.`,
    otherwise: ({ intensity, ridge }) =>
      `Decoding does ${significant(intensity)} FLOP for each byte, the ridge point asks for ${significant(ridge)}.`,
  } satisfies Finding<{ intensity: number; ridge: number }>,

  wall: {
    holds: ({ rows }) => rows.some(({ fits }) => !fits) && rows.some(({ fits }) => fits),
    says: ({ rows }) => {
      const inside = rows.filter(({ fits }) => fits);
      const [first, last] = [inside[0]!, inside.at(-1)!];
      const beyond = rows.find(({ fits }) => !fits)!;
      return (
        `From batch ${first.batch} to ${last.batch} the rate goes from ${Math.floor(first.rate)} to ` +
        `${Math.floor(last.rate)} tokens a second, ${significant(last.rate / first.rate, 2)} times as many for ` +
        `${last.batch / first.batch} times the batch. Batch ${beyond.batch} does not fit: it is no slower, it does ` +
        `not run at all.`
      );
    },
    otherwise: ({ rows }) => `All of ${rows.length} batches fit, or none does: there is no wall among them.`,
  } satisfies Finding<{ rows: readonly { batch: number; fits: boolean; rate: number }[] }>,
};
