// The algebra of an index string: reading it, and what its pairwise contraction costs. No tensors, no bytes.
import { shown } from "../check.js";

/**
 * "ij,jk->ik" as operands ["ij", "jk"] and output "ik". Throws on anything that is not letters, commas and one arrow.
 */
export function parseEquation(equation: unknown): { operands: string[]; output: string } {
  if (typeof equation !== "string")
    throw new TypeError(`einsum: equation must be a string such as "ij,jk->ik", got ${shown(equation)}`);
  const text = equation.replaceAll(" ", "");
  if (!/^[A-Za-z]*(,[A-Za-z]*)*(->[A-Za-z]*)?$/.test(text))
    throw new RangeError(`einsum: equation must be letters, commas and at most one "->", got ${shown(equation)}`);
  const [left, right] = text.split("->") as [string, string | undefined];
  const operands = left.split(",");
  const letters = operands.join("");
  const output =
    right ??
    [...new Set(letters)]
      .filter((i) => letters.indexOf(i) === letters.lastIndexOf(i))
      .sort()
      .join("");
  for (const [at, index] of [...output].entries()) {
    if (output.indexOf(index) !== at)
      throw new RangeError(`einsum: output must have each index once, got ${shown(output)}`);
    if (!letters.includes(index))
      throw new RangeError(`einsum: output must have only indices of the operands, got ${shown(index)}`);
  }
  return { operands, output };
}

const letters = [..."zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA"];

/**
 * `equation` with a letter for each dimension that its "..." stand for, which the operands' ranks tell: aligned at the
 * right, kept in front where there is no "->" (NumPy). Throws when an operand has fewer dimensions than letters.
 */
export function withoutEllipsis(equation: string, ranks: readonly number[]): string {
  if (!equation.includes("...")) return equation;
  const text = equation.replaceAll(" ", "");
  const [left, right] = text.split("->") as [string, string | undefined];
  const spare = letters.filter((letter) => !text.includes(letter));
  let widest = "";
  const operands = left.split(",").map((term, i) => {
    const hidden = term.includes("...") ? (ranks[i] ?? 0) - (term.length - 3) : 0;
    if (hidden < 0 || hidden > spare.length)
      throw new RangeError(`einsum: shapes[${i}] must have a size for each index of ${shown(term)}, got ${ranks[i]}`);
    const named = spare.slice(0, hidden).reverse().join("");
    if (named.length > widest.length) widest = named;
    return term.replace("...", named);
  });
  if (right !== undefined) return `${operands.join(",")}->${right.replace("...", widest)}`;
  const given = left.replaceAll(/[.,]/g, "");
  const once = [...new Set(given)].filter((i) => given.indexOf(i) === given.lastIndexOf(i)).sort();
  return `${operands.join(",")}->${widest}${once.join("")}`;
}

/** Multiply-adds, additions of plain sums, and plain products of a contraction from left to right. */
export function contractPairwise(
  operands: readonly string[],
  output: string,
  sizes: Readonly<Record<string, number>>,
): { macs: number; sum: number; mul: number } {
  const count = (indices: Iterable<string>): number => {
    let n = 1;
    for (const i of indices) n *= sizes[i]!;
    return n;
  };
  const total = { macs: 0, sum: 0, mul: 0 };
  /** Sums out what neither the output nor another operand needs. */
  const reduced = (indices: Set<string>, needed: Set<string>): Set<string> => {
    const kept = new Set([...indices].filter((i) => needed.has(i)));
    if (count(kept) < count(indices)) total.sum += count(indices);
    return kept;
  };
  let left = new Set(operands[0]);
  if (operands.length === 1) {
    reduced(left, new Set(output));
    return total;
  }
  for (let at = 1; at < operands.length; at++) {
    const later = new Set([...operands.slice(at + 1).join(""), ...output]);
    const right = new Set(operands[at]);
    left = reduced(left, new Set([...later, ...right]));
    const other = reduced(right, new Set([...later, ...left]));
    const all = new Set([...left, ...other]);
    const kept = new Set([...all].filter((i) => later.has(i)));
    // A size-1 index sums nothing, but a product of it with itself is one multiply-add by the same formula (k = 1).
    if (kept.size < all.size) total.macs += count(all);
    else total.mul += count(all);
    left = kept;
  }
  return total;
}
