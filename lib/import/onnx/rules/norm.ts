// Normalisations and pools: shapes and attributes read, formulas those of ops/.
import { elementCount, type Op } from "../../../op.js";
import { batchNorm } from "../../../ops/batchNorm.js";
import { groupNorm, layerNorm, rmsNorm } from "../../../ops/norm.js";
import { avgPool, maxPool } from "../../../ops/pool.js";
import { extent, slidingWindow } from "../../../ops/window.js";
import { axisOf, type Context, type Found, type Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { padding, single, spatial } from "./convolution.js";
import { elementwiseOp } from "./elementwise.js";

/** Sizes behind the channels as one height: a norm needs only their product. */
const behind = (shape: readonly number[]): { height: number } => ({ height: elementCount(shape.slice(2)) });

/** A vector for the channels must be as long as they are many. */
function channelsAgree(c: Context, inputs: readonly number[]): void {
  const channels = c.shape(0)[1] ?? 1;
  for (const i of inputs)
    if (elementCount(c.shape(i)) !== channels)
      throw new Uncountable(
        `input ${i} must be one number for each of ${channels} channels, got ${elementCount(c.shape(i))}`,
      );
}

const sameShape = (c: Context, op: Op, more: Partial<Found> = {}): Found => ({
  outputs: [valueOf(c.shape(0), c.dtype())],
  ops: [{ op }],
  ...more,
});

/** Running statistics are bytes, no parameters. */
const batchNormalization: Rule = (c) => {
  const shape = c.shape(0);
  channelsAgree(c, [1, 2, 3, 4]);
  const training = c.int("training_mode", 0) === 1;
  const op = batchNorm({ batch: shape[0]!, numFeatures: shape[1] ?? 1, ...behind(shape), training, dtype: c.dtype() });
  const statistic = valueOf(c.shape(3), c.dtype(3));
  return {
    outputs: [valueOf(shape, c.dtype()), ...c.node.outputs.slice(1).map(() => statistic)],
    ops: [{ op }],
    unstored: [3, 4],
  };
};

const layerNormalization: Rule = (c) => {
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", -1), shape.length);
  const tokens = elementCount(shape.slice(0, axis));
  const kept = [...shape.slice(0, axis), ...shape.slice(axis).map(() => 1)];
  const bias = c.has(2);
  const op = layerNorm({ tokens, normalizedShape: shape.slice(axis), bias, dtype: c.dtype() });
  return { outputs: [valueOf(shape, c.dtype()), valueOf(kept, c.dtype()), valueOf(kept, c.dtype())], ops: [{ op }] };
};

const rmsNormalization: Rule = (c) => {
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", -1), shape.length);
  return sameShape(
    c,
    rmsNorm({ tokens: elementCount(shape.slice(0, axis)), normalizedShape: shape.slice(axis), dtype: c.dtype() }),
  );
};

/** A residual add, then the norm; the sum is the last output. */
const skipNormalization: Rule = (c) => {
  const shape = c.shape(0);
  const width = shape.at(-1)!;
  const tokens = elementCount(shape.slice(0, -1));
  const simplified = c.node.opType === "SkipSimplifiedLayerNormalization";
  const norm = simplified
    ? rmsNorm({ tokens, normalizedShape: width, dtype: c.dtype() })
    : layerNorm({ tokens, normalizedShape: width, bias: c.has(3), dtype: c.dtype() });
  const adds = elementCount(shape) * (c.has(simplified ? 3 : 4) ? 2 : 1);
  const x = valueOf(shape, c.dtype());
  const row = valueOf([...shape.slice(0, -1), 1], "fp32");
  return { outputs: [x, row, row, x], ops: [{ op: { ...norm, extras: { add: adds, ...norm.extras } } }] };
};

const groupNormalization: Rule = (c) => {
  const shape = c.shape(0);
  return sameShape(
    c,
    groupNorm({
      batch: shape[0]!,
      numChannels: shape[1]!,
      numGroups: c.int("num_groups", 1),
      ...behind(shape),
      dtype: c.dtype(),
    }),
  );
};

const instanceNormalization: Rule = (c) => {
  channelsAgree(c, [1, 2]);
  const shape = c.shape(0);
  return sameShape(
    c,
    groupNorm({ batch: shape[0]!, numChannels: shape[1]!, numGroups: shape[1]!, ...behind(shape), dtype: c.dtype() }),
  );
};

/** x / (bias + α/n Σ x²)^β: a square, n - 1 adds, scale, shift, a power and a division. */
const lrn: Rule = (c) => {
  const size = c.int("size", 0);
  if (size < 1) throw new Uncountable(`size must be a positive integer, got ${size}`);
  return sameShape(c, elementwiseOp("lrn", "norm.normalize", elementCount(c.shape(0)), size + 4, 1));
};

/** A rotation of pairs: four products and two sums for two elements. */
const rotary: Rule = (c) =>
  sameShape(c, elementwiseOp("rotaryEmbedding", "rotary", elementCount(c.shape(0)), 3), {
    operands: c.node.domain === "" ? [3] : [1],
    unstored: [1, 2, 3],
  });

/** Statistics and (x - mean) / deviation, no scale: layerNorm's 6 an element. */
const meanVariance: Rule = (c) =>
  sameShape(c, elementwiseOp("meanVarianceNormalization", "norm.normalize", elementCount(c.shape(0)), 6));

/** x / ‖x‖: a multiply and an add an element for the norm, a division. */
const lpNormalization: Rule = (c) =>
  sameShape(c, elementwiseOp("lpNorm", "norm.normalize", elementCount(c.shape(0)), 3));

export const pool =
  (kind: "max" | "avg"): Rule =>
  (c) => {
    const [batch, channels, ...sizes] = c.shape(0);
    const kernelSize = c.ints("kernel_shape");
    const rank = sizes.length;
    if (!kernelSize) throw new Uncountable("kernel_shape must be given");
    const shape = {
      batch: batch!,
      channels: channels!,
      ...spatial(sizes),
      kernelSize,
      stride: c.ints("strides") ?? kernelSize.map(() => 1),
      padding: padding(c, rank),
      dilation: c.ints("dilations") ?? 1,
      ceilMode: c.int("ceil_mode", 0) === 1,
      dtype: c.dtype(),
    };
    // PyTorch's limit on padding, which ops/ keeps, is not ONNX's.
    const window = slidingWindow(c.node.opType, spatial(sizes), shape);
    const wide = window.padding.some(
      ([before, after], i) => 2 * Math.max(before, after) > extent(window.kernelSize[i]!, window.dilation[i]!),
    );
    if (wide) {
      const out = [batch!, channels!, ...window.outSize];
      return single(c, {
        ...elementwiseOp(`${kind}Pool`, "pool", elementCount(out), elementCount(window.kernelSize)),
        outputs: [{ shape: out, dtype: c.dtype() }],
      });
    }
    const found = single(c, kind === "max" ? maxPool(shape) : avgPool(shape));
    return kind === "max" && c.node.outputs.length > 1
      ? { ...found, outputs: [found.outputs[0], valueOf(found.outputs[0]!.shape, "int64")] }
      : found;
  };

const globalPool =
  (kind: "max" | "avg"): Rule =>
  (c) => {
    const [batch, channels, ...sizes] = c.shape(0);
    const shape = { batch: batch!, channels: channels!, ...spatial(sizes), outputSize: 1, dtype: c.dtype() };
    return single(c, kind === "max" ? maxPool(shape) : avgPool(shape));
  };

/** (Σ |x|^p)^(1/p): a power and an add an element of the window, a root. */
const lpPool: Rule = (c) => {
  const found = pool("avg")(c);
  const [y] = found.outputs;
  const taps = elementCount(c.ints("kernel_shape") ?? []);
  return { ...found, ops: [{ op: elementwiseOp("lpPool", "pool", elementCount(y!.shape!), 2 * taps + 1, 1) }] };
};
const globalLpPool: Rule = (c) => {
  const [batch, channels, ...sizes] = c.shape(0);
  const out = [batch!, channels!, ...sizes.map(() => 1)];
  const op = elementwiseOp("lpPool", "pool", elementCount(out), 2 * elementCount(sizes) + 1, 1);
  return { outputs: [valueOf(out, c.dtype())], ops: [{ op }] };
};

export const norms: Readonly<Record<string, Rule>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  SimplifiedLayerNormalization: rmsNormalization,
  SkipLayerNormalization: skipNormalization,
  SkipSimplifiedLayerNormalization: skipNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LRN: lrn,
  LpNormalization: lpNormalization,
  RotaryEmbedding: rotary,
  MeanVarianceNormalization: meanVariance,
  LpPool: lpPool,
  GlobalLpPool: globalLpPool,
  MaxPool: pool("max"),
  AveragePool: pool("avg"),
  GlobalMaxPool: globalPool("max"),
  GlobalAveragePool: globalPool("avg"),
};
