// Findings of lecture 2: what its results show, as sentences that are computed from them.
import type { Finding } from "../finding.js";

export const lecture2 = {} satisfies Record<string, Finding<never>>;
