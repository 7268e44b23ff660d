// Findings of lecture 3: what its results show, as sentences that are computed from them.
import type { Finding } from "../finding.js";

export const lecture3 = {} satisfies Record<string, Finding<never>>;
