// Findings of lecture 1: what its results show, as sentences that are computed from them.
import type { Finding } from "../finding.js";

export const lecture1 = {} satisfies Record<string, Finding<never>>;
