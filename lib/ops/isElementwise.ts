// Ops that make each element of their output from the elements at the same place of their inputs.
import type { Op } from "../op.js";
import { activationKinds } from "./activation.js";

const kinds: ReadonlySet<string> = new Set([...activationKinds, "softcap", "add", "sub", "mul", "div"]);

/**
 * Whether `op` computes each element by itself, so that it can run inside the kernel that makes its input, or write
 * over it: activation functions, sums and products of two tensors, a batch norm by its running statistics.
 */
export const isElementwise = ({ kind, attributes }: Op): boolean =>
  kinds.has(kind) || (kind === "batchNorm" && attributes?.["training"] !== true);
