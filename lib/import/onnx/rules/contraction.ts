// Nodes whose work is a contraction: Conv, ConvTranspose, Gemm, MatMul, Einsum. Formulas are those of ops/; here only
// shapes and attributes are read.
import { elementCount, type Op } from "../../../op.js";
import { conv1d, conv2d, conv3d } from "../../../ops/conv.js";
import { convTranspose1d, convTranspose2d, convTranspose3d } from "../../../ops/convTranspose.js";
import { einsum } from "../../../ops/einsum.js";
import { linear } from "../../../ops/linear.js";
import { matmul } from "../../../ops/matmul.js";
import { broadcast, type Context, type Found, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";

/** Spatial sizes by the names that ops/ takes for one, two or three dimensions. */
export function spatial(sizes: readonly number[]): Record<string, number> {
  const names = [["length"], ["height", "width"], ["depth", "height", "width"]][sizes.length - 1];
  if (!names) throw new Uncountable(`spatial dimensions must be 1, 2 or 3, got ${sizes.length}`);
  return Object.fromEntries(names.map((n, i) => [n, sizes[i]!]));
}

/** ONNX lists all begins, then all ends. */
export function padding(c: Context, rank: number): "sameUpper" | "sameLower" | "valid" | [number, number][] {
  const auto = c.text("auto_pad", "NOTSET");
  const pads = c.ints("pads") ?? new Array<number>(2 * rank).fill(0);
  if (auto === "SAME_UPPER") return "sameUpper";
  if (auto === "SAME_LOWER") return "sameLower";
  if (auto === "VALID") return "valid";
  return Array.from({ length: rank }, (_, i) => [pads[i]!, pads[i + rank]!]);
}

/** A convolution of input x with weight w; indices differ between Conv and its quantized forms. */
export function convolution(c: Context, x: number, w: number, bias: boolean): Op {
  const [batch, inChannels, ...sizes] = c.shape(x);
  const [outChannels, , ...taps] = c.shape(w);
  const rank = sizes.length;
  const op = [conv1d, conv2d, conv3d][rank - 1];
  if (!op || taps.length !== rank)
    throw new Uncountable(
      `spatial dimensions must be 1, 2 or 3 and those of the weight, got ${rank} and ${taps.length}`,
    );
  return op({
    batch: batch!,
    inChannels: inChannels!,
    outChannels: outChannels!,
    ...(spatial(sizes) as { length: number; depth: number; height: number; width: number }),
    kernelSize: c.ints("kernel_shape") ?? taps,
    stride: c.ints("strides") ?? 1,
    dilation: c.ints("dilations") ?? 1,
    padding: padding(c, rank),
    groups: c.int("group", 1),
    bias,
    dtype: c.dtype(x),
    weightDtype: c.dtype(w),
  });
}

const conv: Rule = (c) => single(c, convolution(c, 0, 1, c.has(2)));

/** One op, whose output shape is the node's. */
export const single = (c: Context, op: Op, more: Partial<Found> = {}): Found => ({
  outputs: [valueOf(op.outputs[0]!.shape, c.dtype())],
  ops: [{ op }],
  ...more,
});

const convTranspose: Rule = (c) => {
  const [batch, inChannels, ...sizes] = c.shape(0);
  const [, perGroup, ...taps] = c.shape(1);
  const rank = sizes.length;
  const groups = c.int("group", 1);
  const op = [convTranspose1d, convTranspose2d, convTranspose3d][rank - 1];
  if (!op) throw new Uncountable(`spatial dimensions must be 1, 2 or 3, got ${rank}`);
  const kernel = c.ints("kernel_shape") ?? taps;
  const stride = c.ints("strides") ?? kernel.map(() => 1);
  const dilation = c.ints("dilations") ?? kernel.map(() => 1);
  let outputPadding: readonly number[] = c.ints("output_padding") ?? kernel.map(() => 0);
  const auto = c.text("auto_pad", "NOTSET");
  const asked = c.ints("output_shape");
  let pads = padding(c, rank);
  if (asked || auto.startsWith("SAME")) {
    const surplus = kernel.map(
      (k, i) =>
        stride[i]! * (sizes[i]! - 1) +
        outputPadding[i]! +
        (k - 1) * dilation[i]! +
        1 -
        (asked ? asked.slice(-rank)[i]! : sizes[i]! * stride[i]!),
    );
    outputPadding = outputPadding.map((p, i) => p + Math.max(0, -surplus[i]!));
    pads = surplus.map((n): [number, number] => {
      const total = Math.max(0, n);
      const less = Math.floor(total / 2);
      return auto === "SAME_UPPER" ? [less, total - less] : [total - less, less];
    });
  }
  return single(
    c,
    op({
      batch: batch!,
      inChannels: inChannels!,
      outChannels: perGroup! * groups,
      ...(spatial(sizes) as { length: number; depth: number; height: number; width: number }),
      kernelSize: kernel,
      stride,
      dilation,
      padding: typeof pads === "string" ? 0 : pads,
      outputPadding,
      groups,
      bias: c.has(2),
      dtype: c.dtype(),
      weightDtype: c.dtype(1),
    }),
  );
};

const gemm: Rule = (c) => {
  const a = c.shape(0);
  const b = c.shape(1);
  if (a.length !== 2 || b.length !== 2)
    throw new Uncountable(`Gemm must multiply matrices, got ranks ${a.length} and ${b.length}`);
  const [m, k] = c.int("transA", 0) ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
  const n = c.int("transB", 0) ? b[0]! : b[1]!;
  const bias = c.has(2);
  const precision = { dtype: c.dtype(), weightDtype: c.dtype(1) };
  if (c.inputs[1]?.stored) return single(c, linear({ tokens: m, inFeatures: k, outFeatures: n, bias, ...precision }));
  const op = matmul({ m, n, k, dtype: c.dtype() });
  return { outputs: [valueOf([m, n], c.dtype())], ops: [{ op: bias ? { ...op, extras: { bias: m * n } } : op }] };
};

/** A product of inputs a and b as NumPy's matmul: a linear layer when the right one is a stored matrix. */
export function product(c: Context, a: number, b: number): { op: Op; shape: number[] } {
  const left = c.shape(a);
  const right = c.shape(b);
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
  Conv: conv,
  FusedConv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  FusedGemm: gemm,
  MatMul: matMul,
  FusedMatMul: matMul,
  Einsum: einsumRule,
};
