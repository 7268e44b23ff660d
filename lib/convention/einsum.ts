// FLOPs of an einsum as numpy's einsum_path reports them, from which several tools take theirs.
import { elementCount } from "../op.js";
import type { OpOf } from "../ops/index.js";

/** One more than the FLOPs, in four digits; a tie goes to the even one. */
export function reported(flops: number): number {
  const exact = flops + 1;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 3);
  const digits = Math.floor(exact / unit);
  const rest = 2 * (exact - digits * unit);
  return (rest > unit || (rest === unit && digits % 2 === 1) ? digits + 1 : digits) * unit;
}

/** Two FLOPs where an index is summed, else one, for each combination of indices; undefined for over two operands. */
export function reportedEinsum({ attributes }: OpOf<"einsum">): number | undefined {
  const { equation, sizes } = attributes;
  const [operands = "", result = ""] = equation.split("->");
  if (operands.split(",").length !== 2) return undefined;
  const isSummed = Object.keys(sizes).some((index) => !result.includes(index));
  return reported((isSummed ? 2 : 1) * elementCount(Object.values(sizes)));
}
