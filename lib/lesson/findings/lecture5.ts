// Findings of lecture 5: what its results show, as sentences that are computed from them.
import type { Finding } from "../finding.js";

export const lecture5 = {} satisfies Record<string, Finding<never>>;
