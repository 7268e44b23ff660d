// Nodes that take places of an image: regions, deformed kernels, patches and what puts them back.
import { elementCount } from "../../../op.js";
import { deformConv2d } from "../../../ops/deformConv.js";
import type { OpOf } from "../../../ops/index.js";
import { matmul } from "../../../ops/matmul.js";
import { axisOf, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { convolution, single } from "./convolution.js";
import { elementwiseOp } from "./elementwise.js";
import { copyOp } from "./viewOrCopy.js";

/** A bilinear sample: four products, three sums. */
const bilinear = 7;

/** Sampling grids of a bin; where their number depends on the region, one is counted. */
const roiAlign: Rule = (c) => {
  const [, channels] = c.shape(0);
  const [regions] = c.shape(1);
  const out = [regions!, channels!, c.int("output_height", 1), c.int("output_width", 1)];
  const samples = Math.max(1, c.int("sampling_ratio", 0)) ** 2;
  const flops = samples * (c.text("mode", "avg") === "max" ? 5 : bilinear) + samples - 1;
  return {
    outputs: [valueOf(out, c.dtype())],
    ops: [{ op: elementwiseOp("roiAlign", "interpolate", elementCount(out), flops) }],
  };
};

/** Regions overlap as they will: of each bin one comparison is counted. */
const maxRoiPool: Rule = (c) => {
  const size = c.ints("pooled_shape") ?? [];
  const out = [c.shape(1)[0]!, c.shape(0)[1]!, ...size];
  return {
    outputs: [valueOf(out, c.dtype())],
    ops: [{ op: elementwiseOp("maxRoiPool", "pool", elementCount(out), 1) }],
  };
};

/** X, W, offset, B, mask. */
const deformConv: Rule = (c) => {
  const { attributes: shape } = convolution(c, 0, 1, c.has(3)) as OpOf<"conv2d">;
  const [, , height, width] = c.shape(0);
  if (c.shape(0).length !== 4) throw new Uncountable(`X must have 4 dimensions, got ${c.shape(0).length}`);
  const { batch, inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias } = shape;
  const op = deformConv2d({
    batch,
    inChannels,
    outChannels,
    height: height!,
    width: width!,
    kernelSize,
    stride,
    padding,
    dilation,
    groups,
    bias,
    offsetGroups: c.int("offset_group", 1),
    mask: c.has(4),
    dtype: c.dtype(),
  });
  return single(c, op);
};

/** Each place of the grid, homogeneous, by theta. */
const affineGrid: Rule = (c) => {
  const theta = c.shape(0);
  const size = c.data(1);
  const rank = theta[1]!;
  const out = size ? [size[0]!, ...size.slice(2), rank] : c.declared(0)?.shape;
  if (!out) return { outputs: [{ dtype: c.dtype() }], why: "the size of the grid is not in the file" };
  const places = elementCount(out.slice(1, -1));
  const op = matmul({ batch: out[0]!, m: places, n: rank, k: rank + 1, dtype: c.dtype() });
  return { outputs: [valueOf(out, c.dtype())], ops: [{ op: { ...op, kind: "affineGrid" } }], operands: [1] };
};

/** Patches are added where they overlap. */
const col2Im: Rule = (c) => {
  const [batch, rows] = c.shape(0);
  const image = c.data(1);
  const block = c.data(2);
  const out = image && block ? [batch!, rows! / elementCount(block), ...image] : c.declared(0)?.shape;
  if (!out) return { outputs: [{ dtype: c.dtype() }], why: "the size of the image is not in the file" };
  return {
    outputs: [valueOf(out, c.dtype())],
    ops: [{ op: elementwiseOp("col2Im", "add", elementCount(c.shape(0)), 1) }],
    operands: [1, 2],
  };
};

const maxUnpool: Rule = (c) => {
  const [batch, channels, ...sizes] = c.shape(0);
  const kernel = c.ints("kernel_shape") ?? [];
  const strides = c.ints("strides") ?? kernel.map(() => 1);
  const pads = c.ints("pads") ?? new Array<number>(2 * kernel.length).fill(0);
  const own = sizes.map((d, i) => (d - 1) * strides[i]! + kernel[i]! - pads[i]! - pads[i + kernel.length]!);
  const asked = c.has(2) ? (c.data(2) ?? c.declared(0)?.shape) : [batch!, channels!, ...own];
  if (!asked) return { outputs: [{ dtype: c.dtype() }], why: "the size of the output is not in the file" };
  return { outputs: [valueOf(asked, c.dtype())], ops: [{ op: copyOp(c) }], operands: [2] };
};

const centerCropPad: Rule = (c) => {
  const shape = c.shape(0);
  const size = c.data(1);
  const axes = c.ints("axes") ?? shape.map((_, i) => i);
  if (size && size.length !== axes.length)
    throw new Uncountable(`shape must hold ${axes.length} sizes, got [${size.join(", ")}]`);
  const out = [...shape];
  axes.forEach((a, i) => {
    out[axisOf(a, shape.length)] = size?.[i] ?? -1;
  });
  const known = size ? out : c.declared(0)?.shape;
  if (!known) return { outputs: [{ dtype: c.dtype() }], why: "the size of the output is not in the file" };
  return { outputs: [valueOf(known, c.dtype())], ops: [{ op: copyOp(c) }], operands: [1] };
};

export const regions: Readonly<Record<string, Rule>> = {
  RoiAlign: roiAlign,
  MaxRoiPool: maxRoiPool,
  DeformConv: deformConv,
  AffineGrid: affineGrid,
  Col2Im: col2Im,
  MaxUnpool: maxUnpool,
  CenterCropPad: centerCropPad,
};
