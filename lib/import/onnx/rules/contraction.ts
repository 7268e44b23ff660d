// Products of matrices: Gemm, MatMul, Einsum. Formulas are those of ops/; here only
// shapes and attributes are read.
import { elementCount, type Op } from "../../../op.js";
import { einsum } from "../../../ops/einsum.js";
import { linear } from "../../../ops/linear.js";
import { matmul } from "../../../ops/matmul.js";
import { broadcast, type Context, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { single } from "./convolution.js";
import { withActivation } from "./fusedActivation.js";

/** op(A) op(B) + C of the inputs that stand there. */
export function gemmOf(c: Context, left: number, right: number, bias: number): { op: Op; shape: number[] } {
  const a = c.shape(left);
  const b = c.shape(right);
  if (a.length !== 2 || b.length !== 2)
    throw new Uncountable(`Gemm must multiply matrices, got ranks ${a.length} and ${b.length}`);
  const [m, k] = c.int("transA", 0) ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
  const [inner, n] = c.int("transB", 0) ? [b[1]!, b[0]!] : [b[0]!, b[1]!];
  if (inner !== k) throw new Uncountable(`Gemm must sum over equal sizes, got ${k} and ${inner}`);
  const precision = { dtype: c.dtype(left), weightDtype: c.dtype(right) };
  if (c.inputs[right]?.stored)
    return {
      shape: [m, n],
      op: linear({ tokens: m, inFeatures: k, outFeatures: n, bias: c.has(bias), ...precision }),
    };
  const op = matmul({ m, n, k, dtype: c.dtype(left) });
  return { shape: [m, n], op: c.has(bias) ? { ...op, extras: { bias: m * n } } : op };
}

const gemm: Rule = (c) => {
  const { op, shape } = gemmOf(c, 0, 1, 2);
  return withActivation(c, { outputs: [valueOf(shape, c.dtype())], ops: [{ op }] });
};

/** A product of inputs a and b as NumPy's matmul: a linear layer when the right one is a stored matrix. */
export const product = (c: Context, a: number, b: number): { op: Op; shape: number[] } =>
  productOf(c, c.shape(a), c.shape(b), a, b);

/** The same of shapes that are another view of the inputs. */
export function productOf(
  c: Context,
  left: readonly number[],
  right: readonly number[],
  a: number,
  b: number,
): { op: Op; shape: number[] } {
  if (left.length === 0 || right.length === 0)
    throw new Uncountable("MatMul must multiply vectors or matrices, got a scalar");
  const m = left.length > 1 ? left.at(-2)! : 1;
  const k = left.at(-1)!;
  const n = right.length > 1 ? right.at(-1)! : 1;
  if ((right.length > 1 ? right.at(-2) : right[0]) !== k)
    throw new Uncountable(
      `MatMul must sum over equal sizes, got ${k} and ${right.length > 1 ? right.at(-2) : right[0]}`,
    );
  const lead = broadcast(left.slice(0, -2), right.slice(0, -2));
  const shape = [...lead, ...(left.length > 1 ? [m] : []), ...(right.length > 1 ? [n] : [])];
  if (c.inputs[b]?.stored && right.length === 2)
    return {
      shape,
      op: linear({
        tokens: elementCount(left.slice(0, -1)),
        inFeatures: k,
        outFeatures: n,
        dtype: c.dtype(a),
        weightDtype: c.dtype(b),
      }),
    };
  return { shape, op: matmul({ batch: elementCount(lead), m, n, k, dtype: c.dtype(a) }) };
}

const matMul: Rule = (c) => {
  const { op, shape } = product(c, 0, 1);
  return { outputs: [valueOf(shape, c.dtype())], ops: [{ op }] };
};

const einsumRule: Rule = (c) => {
  const [left, right] = c.text("equation", "").replaceAll(" ", "").split("->") as [string, string | undefined];
  const operands = left.split(",");
  const spare = [..."zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA"].filter(
    (l) => !`${left}${right ?? ""}`.includes(l),
  );
  const sizes: Record<string, number> = {};
  let widest = "";
  const named = operands.map((term, i) => {
    const shape = c.shape(i);
    const hidden = shape.length - term.replace("...", "").length;
    if (hidden < 0 || hidden > spare.length || (hidden > 0 && !term.includes("...")))
      throw new Uncountable(`term ${i} of the equation must have ${shape.length} indices, got ${term.length}`);
    const letters = spare.slice(0, hidden).reverse().join("");
    if (letters.length > widest.length) widest = letters;
    const indices = term.replace("...", letters);
    [...indices].forEach((letter, d) => {
      sizes[letter] = Math.max(sizes[letter] ?? 1, shape[d]!);
    });
    return indices;
  });
  const kept = right === undefined ? undefined : right.replace("...", widest);
  const op = einsum({
    equation: kept === undefined ? named.join(",") : `${named.join(",")}->${kept}`,
    sizes,
    dtype: c.dtype(),
  });
  return single(c, op);
};

export const contractions: Readonly<Record<string, Rule>> = {
  Gemm: gemm,
  FusedGemm: gemm,
  MatMul: matMul,
  Einsum: einsumRule,
};
