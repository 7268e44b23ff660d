// ONNX Runtime's operators on quantized tensors: multiply-adds of integers are macs; each input is dequantized, each
// output quantized again. Scales and zero points are no parameters.
import { shown } from "../../../check.js";
import { elementCount } from "../../../op.js";
import { axisOf, broadcast, type Context, type Found, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { gemmOf, product } from "./contraction.js";
import { elementwiseOp } from "./elementwise.js";
import { pool } from "./norm.js";
import { projectedAttention } from "./sequence.js";
import { copyOp } from "./viewOrCopy.js";

const quantizeFlops = 3;
const dequantizeFlops = 2;

/** One quantized input, `flops` an element of the output beside both conversions. */
const oneInput =
  (kind: string, shapeOf: (c: Context) => readonly number[], flops: (c: Context) => number): Rule =>
  (c) => {
    const shape = shapeOf(c);
    const n = elementCount(shape) * (flops(c) + quantizeFlops) + elementCount(c.shape(0)) * dequantizeFlops;
    return {
      outputs: [valueOf(shape, c.dtype())],
      ops: [{ op: elementwiseOp(kind, "quantize", 1, n) }],
      unstored: [1, 2, 3, 4],
    };
  };

const pooled = (c: Context): readonly number[] => {
  const shape = c.shape(0);
  const last = c.int("channels_last", 0) === 1;
  return shape.map((d, i) => (i === 0 || i === (last ? shape.length - 1 : 1) ? d : 1));
};
const averaged = (c: Context): readonly number[] => {
  if (c.int("channels_last", 0) === 1) throw new Uncountable("channels must come first, got channels_last");
  return pool("avg")(c).outputs[0]!.shape!;
};
const ratio = (c: Context): number => elementCount(c.shape(0)) / Math.max(1, elementCount(pooled(c)));

const concat: Rule = (c) => {
  const at = c.node.inputs.flatMap((_, i) => (i >= 2 && (i - 2) % 3 === 0 ? [i] : []));
  const shapes = at.map((i) => c.shape(i));
  const [first] = shapes;
  if (!first) throw new Uncountable("QLinearConcat must have tensors, got none");
  const axis = axisOf(c.int("axis", 1), first.length);
  const agree = shapes.every((s) => s.length === first.length && s.every((d, i) => i === axis || d === first[i]));
  if (!agree)
    throw new Uncountable(
      `concatenated shapes must agree but for dimension ${axis}, got ${shapes.map((s) => shown(s)).join(" and ")}`,
    );
  const out = first.map((d, i) => (i === axis ? shapes.reduce((n, s) => n + s[i]!, 0) : d));
  const n = elementCount(out) * (dequantizeFlops + quantizeFlops);
  return {
    outputs: [valueOf(out, c.dtype(2))],
    ops: [{ op: elementwiseOp("qLinearConcat", "quantize", 1, n) }],
    unstored: c.node.inputs.map((_, i) => i).filter((i) => !at.includes(i)),
  };
};

const binary =
  (kind: string): Rule =>
  (c) => {
    const shape = broadcast(c.shape(0), c.shape(3));
    const op = elementwiseOp(kind, kind === "qLinearMul" ? "mul" : "add", elementCount(shape), 8);
    return { outputs: [valueOf(shape, c.dtype())], ops: [{ op }], unstored: [1, 2, 4, 5, 6, 7] };
  };

/** A, its scale and zero point, B, its two, C, then y's two: without those the output is fp32. */
const gemm: Rule = (c) => {
  const { op, shape } = gemmOf(c, 0, 3, 6);
  const quantize = elementCount(shape) * quantizeFlops;
  return {
    outputs: [valueOf(shape, c.has(8) ? c.dtype(8) : "fp32")],
    ops: [{ op: { ...op, extras: { ...op.extras, quantize } } }],
    unstored: [1, 2, 4, 5, 7, 8],
  };
};

/** Integers of A and B, their scales and zero points, a bias: A quantized on the way, or before. */
const scaled =
  (dynamic: boolean): Rule =>
  (c) => {
    const { op, shape } = product(c, 0, 1);
    const n = elementCount(shape);
    const bias = c.has(dynamic ? 4 : 6);
    const before = dynamic ? elementCount(c.shape(0)) * (2 + quantizeFlops) : 0;
    const extras = { ...op.extras, quantize: n * dequantizeFlops + before, ...(bias ? { bias: n } : {}) };
    return {
      outputs: [valueOf(shape, dynamic ? c.dtype() : "fp32")],
      ops: [{ op: { ...op, extras } }],
      unstored: dynamic ? [2, 3] : [2, 3, 4, 5],
    };
  };

/** Rows of a block-quantized table: data, indices, scales, zero points. */
const gatherBlocks: Rule = (c) => {
  const shape = c.shape(0);
  const index = c.shape(1);
  const axis = axisOf(c.int("gather_axis", 0), shape.length);
  // Several numbers share a byte of a uint8 table.
  const packed = c.dtype() === "uint8" || c.dtype() === "int8" ? 8 / c.int("bits", 4) : 1;
  const wide = shape.map((d, i) => (i === shape.length - 1 ? d * packed : d));
  const out = [...wide.slice(0, axis), ...index, ...wide.slice(axis + 1)];
  const rows = Math.min(elementCount(index), shape[axis]!);
  return {
    outputs: [valueOf(out, c.dtype(2))],
    ops: [{ op: { ...copyOp(c), kind: "embedding", extras: { quantize: elementCount(out) * dequantizeFlops } } }],
    unstored: [2, 3],
    read: { 0: (elementCount(shape) / Math.max(1, shape[axis]!)) * rows },
  };
};

/** Input, weight, bias, their scales, a mask, zero points, past. */
const attention: Rule = (c): Found => ({ ...projectedAttention(c, 8), unstored: [3, 4, 6, 7] });

const same = (c: Context): readonly number[] => c.shape(0);

export const quantizedOperators: Readonly<Record<string, Rule>> = {
  QLinearGlobalAveragePool: oneInput("qLinearGlobalAveragePool", pooled, ratio),
  QLinearAveragePool: oneInput("qLinearAveragePool", averaged, (c) => elementCount(c.ints("kernel_shape") ?? [])),
  QLinearSigmoid: oneInput("qLinearSigmoid", same, () => 4),
  QLinearLeakyRelu: oneInput("qLinearLeakyRelu", same, () => 1),
  QLinearSoftmax: oneInput("qLinearSoftmax", same, () => 4),
  QLinearConcat: concat,
  QLinearAdd: binary("qLinearAdd"),
  QLinearMul: binary("qLinearMul"),
  QGemm: gemm,
  DynamicQuantizeMatMul: scaled(true),
  MatMulIntegerToFloat: scaled(false),
  GatherBlockQuantized: gatherBlocks,
  QAttention: attention,
};
