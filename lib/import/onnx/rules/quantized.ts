// Quantized nodes: multiply-adds of integers count as macs, and weights as the bytes that are stored.
import { elementCount, type Op, type TensorSpec } from "../../../op.js";
import { linear } from "../../../ops/linear.js";
import type { Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { product } from "./contraction.js";
import { convolution } from "./convolution.js";
import { elementwiseOp } from "./elementwise.js";

/** Divide, round, add the zero point; saturation is neglected. */
const quantizeFlops = 3;
/** Subtract the zero point, multiply. */
const dequantizeFlops = 2;

const quantize: Rule = (c) => {
  const shape = c.shape(0);
  const dtype = c.has(2) ? c.dtype(2) : "uint8";
  return {
    outputs: [valueOf(shape, dtype)],
    ops: [{ op: elementwiseOp("quantizeLinear", "quantize", elementCount(shape), quantizeFlops) }],
    operands: [2],
    unstored: [1],
  };
};

/** Of a stored weight nothing is done at run time: what uses it reads the integers and their scales. */
const dequantize: Rule = (c) => {
  const shape = c.shape(0);
  const dtype = c.inputs[1]?.dtype ?? "fp32";
  const [weight, scale, zero] = c.inputs;
  const value = valueOf(shape, dtype);
  if (weight?.stored) {
    const beside = [scale, zero].flatMap((v) => v?.stored ?? []).map((t) => ({ ...t, stored: false }));
    return { outputs: [{ ...value, stored: [...weight.stored, ...beside] }], unstored: [1, 2] };
  }
  return {
    outputs: [value],
    ops: [{ op: elementwiseOp("dequantizeLinear", "quantize", elementCount(shape), dequantizeFlops) }],
    operands: [2],
    unstored: [1],
  };
};

/** y = quantize(x) with a scale found on the way: minimum and maximum, then the quantization. */
const dynamicQuantize: Rule = (c) => ({
  outputs: [valueOf(c.shape(0), "uint8"), valueOf([], "fp32"), valueOf([], "uint8")],
  ops: [{ op: elementwiseOp("dynamicQuantizeLinear", "quantize", elementCount(c.shape(0)), 2 + quantizeFlops) }],
});

const requantized = (op: Op, n: number): Op => ({ ...op, extras: { ...op.extras, quantize: n * quantizeFlops } });

const qLinearConv: Rule = (c) => {
  const op = convolution(c, 0, 3, c.has(8));
  const y = op.outputs[0]!.shape;
  return {
    outputs: [valueOf(y, c.dtype(7))],
    ops: [{ op: requantized(op, elementCount(y)) }],
    unstored: [1, 2, 4, 5, 6, 7],
  };
};
const qLinearMatMul: Rule = (c) => {
  const { op, shape } = product(c, 0, 3);
  return {
    outputs: [valueOf(shape, c.dtype(7))],
    ops: [{ op: requantized(op, elementCount(shape)) }],
    unstored: [1, 2, 4, 5, 6, 7],
  };
};
const integerConv: Rule = (c) => {
  const op = convolution(c, 0, 1, false);
  return { outputs: [valueOf(op.outputs[0]!.shape, "int32")], ops: [{ op }], unstored: [2, 3] };
};
const integerMatMul: Rule = (c) => {
  const { op, shape } = product(c, 0, 1);
  return { outputs: [valueOf(shape, "int32")], ops: [{ op }], unstored: [2, 3] };
};

/**
 * ONNX Runtime's block-quantized product: B packed as [N, blocks, bytes]; its K · N weights are counted, at `bits`
 * each, beside their scales.
 */
const nBits: Rule = (c) => {
  const shape = c.shape(0);
  const k = c.int("K", 0);
  const n = c.int("N", 0);
  const bits = c.int("bits", 4);
  const weightDtype = ({ 2: "int2", 4: "int4", 8: "int8" } as const)[bits];
  if (shape.at(-1) !== k || !weightDtype)
    throw new Uncountable(`K must be the last size of input 0 and bits 2, 4 or 8, got ${k} and ${bits}`);
  const op = linear({
    tokens: elementCount(shape.slice(0, -1)),
    inFeatures: k,
    outFeatures: n,
    dtype: c.dtype(),
    weightDtype,
  });
  const weight: TensorSpec = { name: c.node.inputs[1]!, shape: [n, k], dtype: weightDtype };
  const beside = [2, 3].flatMap((i) => c.inputs[i]?.stored ?? []).map((t) => ({ ...t, stored: false }));
  const y = [...shape.slice(0, -1), n];
  return {
    outputs: [valueOf(y, c.dtype())],
    ownTensors: true,
    unstored: [2, 3],
    ops: [
      {
        op: {
          ...op,
          inputs: [{ name: c.node.inputs[0]!, shape, dtype: c.dtype() }],
          weights: [weight, ...beside],
          outputs: [{ name: c.node.outputs[0]!, shape: y, dtype: c.dtype() }],
        },
      },
    ],
  };
};

export const quantized: Readonly<Record<string, Rule>> = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
  ConvInteger: integerConv,
  MatMulInteger: integerMatMul,
  MatMulNBits: nBits,
};
