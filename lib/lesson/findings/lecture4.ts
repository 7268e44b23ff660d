// Findings of lecture 4: what its results show, as sentences that are computed from them.
import type { Finding } from "../finding.js";

export const lecture4 = {} satisfies Record<string, Finding<never>>;
