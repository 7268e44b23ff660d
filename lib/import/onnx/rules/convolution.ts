// Convolutions and their transposes. Formulas are those of ops/; here shapes and attributes are read, and held against
// each other.
import { elementCount, type Op } from "../../../op.js";
import { conv1d, conv2d, conv3d } from "../../../ops/conv.js";
import { convTranspose1d, convTranspose2d, convTranspose3d } from "../../../ops/convTranspose.js";
import type { Context, Found, Rule } from "../context.js";
import { sameSizes, Uncountable, valueOf } from "../value.js";
import { withActivation } from "./fusedActivation.js";

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
  if (pads.length !== 2 * rank) throw new Uncountable(`pads must be ${2 * rank} numbers, got [${pads.join(", ")}]`);
  if (auto === "SAME_UPPER") return "sameUpper";
  if (auto === "SAME_LOWER") return "sameLower";
  if (auto === "VALID") return "valid";
  return Array.from({ length: rank }, (_, i) => [pads[i]!, pads[i + rank]!]);
}

/** The kernel that the node names, which must be the weight's. */
function kernelOf(c: Context, taps: readonly number[]): readonly number[] {
  const named = c.ints("kernel_shape");
  if (named && !sameSizes(named, taps))
    throw new Uncountable(`kernel_shape must be that of the weight, [${taps.join(", ")}], got [${named.join(", ")}]`);
  return taps;
}

/** A convolution of input x with weight w; indices differ between Conv and its quantized forms. */
export function convolution(c: Context, x: number, w: number, bias: boolean): Op {
  const [batch, inChannels, ...sizes] = c.shape(x);
  const [outChannels, perGroup, ...taps] = c.shape(w);
  const rank = sizes.length;
  const groups = c.int("group", 1);
  const op = [conv1d, conv2d, conv3d][rank - 1];
  if (!op || taps.length !== rank)
    throw new Uncountable(
      `spatial dimensions must be 1, 2 or 3 and those of the weight, got ${rank} and ${taps.length}`,
    );
  if (perGroup! * groups !== inChannels)
    throw new Uncountable(`the weight must take ${inChannels} channels, got ${perGroup} in ${groups} groups`);
  return op({
    batch: batch!,
    inChannels,
    outChannels: outChannels!,
    ...(spatial(sizes) as { length: number; depth: number; height: number; width: number }),
    kernelSize: kernelOf(c, taps),
    stride: c.ints("strides") ?? 1,
    dilation: c.ints("dilations") ?? 1,
    padding: padding(c, rank),
    groups,
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
  if (c.shape(1)[0] !== inChannels)
    throw new Uncountable(`the weight must take ${inChannels} channels, got ${c.shape(1)[0]}`);
  const kernel = kernelOf(c, taps);
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

/** The convolution, a residual perhaps (input 3), and the activation. */
const fusedConv: Rule = (c) => {
  const found = conv(c);
  const residual = c.has(3);
  const add = (op: Op): Op => ({ ...op, extras: { ...op.extras, add: elementCount(op.outputs[0]!.shape) } });
  const ops = (found.ops ?? []).map(({ op }) => ({ op: residual ? add(op) : op }));
  return withActivation(c, { ...found, ops });
};

export const convolutions: Readonly<Record<string, Rule>> = {
  Conv: conv,
  FusedConv: fusedConv,
  ConvTranspose: convTranspose,
};
