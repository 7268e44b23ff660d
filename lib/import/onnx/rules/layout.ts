// Nodes that only place, choose or name elements. A view costs nothing; a copy is an op without FLOPs that moves bytes.
// Known contents are carried along.
import { elementCount, type Op, type TensorSpec } from "../../../op.js";
import { elementTypes } from "../elementTypes.js";
import { axisOf, broadcast, type Context, type Found, type Rule } from "../context.js";
import { reindexed, spread } from "../fold.js";
import { tensorValue, Uncountable, valueOf, type Value } from "../value.js";

/** The same elements under another shape: contents and stored weights stay. */
const view = (c: Context, shape: readonly number[], dtype = c.dtype()): Found => ({
  outputs: [{ ...valueOf(shape, dtype, c.data(0)), ...(c.inputs[0]?.stored ? { stored: c.inputs[0].stored } : {}) }],
});

const contents = (data: readonly number[] | undefined): { data?: readonly number[] } => (data ? { data } : {});

const copyOp = (c: Context): Op => ({
  kind: c.node.opType[0]!.toLowerCase() + c.node.opType.slice(1),
  inputs: [],
  weights: [],
  outputs: [],
  macs: 0,
  extras: {},
});

/** A copy to `shape`; done before the first run when the source is stored or known. `operands` are no traffic. */
function copy(
  c: Context,
  shape: readonly number[],
  {
    data,
    operands = [],
    read,
    dtype = c.dtype(),
  }: { data?: readonly number[]; operands?: number[]; read?: Record<number, number>; dtype?: Value["dtype"] } = {},
): Found {
  const given = c.inputs.filter((v, i) => c.has(i) && !operands.includes(i));
  const value = valueOf(shape, dtype, data);
  const part = (t: TensorSpec): TensorSpec =>
    read?.[0] === undefined ? t : { ...t, elements: Math.min(read[0], elementCount(t.shape)) };
  const constant = given.every((v) => v?.stored || v?.data);
  const stored = given.flatMap((v) => v?.stored ?? []).map(part);
  if (constant) return { outputs: [stored.length > 0 ? { ...value, stored } : value] };
  return { outputs: [value], ops: [{ op: copyOp(c) }], operands, ...(read ? { read } : {}) };
}

/** Sizes that an input or an attribute gives; undefined leaves the output's shape to what the file declares. */
const listed = (c: Context, input: number, attribute: string): readonly number[] | undefined =>
  c.has(input) ? c.data(input) : c.ints(attribute);
const unknown: Found = { outputs: [undefined] };

const reshape: Rule = (c) => {
  const shape = c.shape(0);
  const wanted = listed(c, 1, "shape");
  if (!wanted) return unknown;
  const sizes = wanted.map((d, i) => (d === 0 && c.int("allowzero", 0) === 0 ? (shape[i] ?? 0) : d));
  const free = sizes.indexOf(-1);
  if (free >= 0) sizes[free] = elementCount(shape) / elementCount(sizes.filter((_, i) => i !== free));
  if (elementCount(sizes) !== elementCount(shape))
    throw new Uncountable(`shape must hold ${elementCount(shape)} elements, got [${sizes.join(", ")}]`);
  return view(c, sizes);
};

const flatten: Rule = (c) => {
  const shape = c.shape(0);
  const given = c.int("axis", 1);
  const axis = given === shape.length ? given : axisOf(given, shape.length);
  return view(c, [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))]);
};

const squeeze: Rule = (c) => {
  const shape = c.shape(0);
  const axes = listed(c, 1, "axes");
  if (!axes && c.has(1)) return unknown;
  const drop = new Set(axes ? axes.map((a) => axisOf(a, shape.length)) : shape.flatMap((d, i) => (d === 1 ? [i] : [])));
  for (const i of drop) if (shape[i] !== 1) throw new Uncountable(`a squeezed dimension must be 1, got ${shape[i]}`);
  return view(
    c,
    shape.filter((_, i) => !drop.has(i)),
  );
};

const unsqueeze: Rule = (c) => {
  const shape = c.shape(0);
  const axes = listed(c, 1, "axes");
  if (!axes) return unknown;
  const at = new Set(axes.map((a) => axisOf(a, shape.length, axes.length)));
  const rest = [...shape];
  return view(
    c,
    Array.from({ length: shape.length + at.size }, (_, i) => (at.has(i) ? 1 : rest.shift()!)),
  );
};

const identity: Rule = (c) => view(c, c.shape(0));
const cast: Rule = (c) => {
  const dtype = elementTypes.get(c.int("to", 0))?.dtype ?? c.dtype(c.node.opType === "CastLike" ? 1 : 0);
  return dtype === c.dtype() || c.data(0) ? view(c, c.shape(0), dtype) : copy(c, c.shape(0), { dtype, operands: [1] });
};
/** At inference a dropout passes its input on. */
const dropout: Rule = (c) => ({ outputs: [...view(c, c.shape(0)).outputs, valueOf(c.shape(0), "bool")] });

const transpose: Rule = (c) => {
  const shape = c.shape(0);
  const perm = c.ints("perm") ?? shape.map((_, i) => shape.length - 1 - i);
  if (perm.length !== shape.length || new Set(perm).size !== perm.length || perm.some((p) => shape[p] === undefined))
    throw new Uncountable(`perm must order ${shape.length} dimensions, got [${perm.join(", ")}]`);
  const out = perm.map((p) => shape[p]!);
  return shape.length < 2 || perm.every((p, i) => p === i)
    ? view(c, out)
    : copy(c, out, contents(reindexed(c.data(0), shape, out, (index) => shape.map((_, i) => index[perm.indexOf(i)]!))));
};

const concat: Rule = (c) => {
  const shapes = c.inputs.map((_, i) => c.shape(i));
  const axis = axisOf(c.int("axis", 1), shapes[0]!.length);
  const out = [...shapes[0]!];
  if (shapes.some((s) => s.length !== out.length || s.some((d, i) => i !== axis && d !== out[i])))
    throw new Uncountable(
      `concatenated shapes must agree but for dimension ${axis}, got ${shapes
        .slice(0, 4)
        .map((s) => `[${s.join(", ")}]`)
        .join(" and ")}`,
    );
  out[axis] = shapes.reduce((n, s) => n + s[axis]!, 0);
  const known = c.inputs.every((v) => v?.data && v.shape!.length === 1);
  return copy(c, out, known ? { data: c.inputs.flatMap((v) => [...v!.data!]) } : {});
};

const split: Rule = (c) => {
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", 0), shape.length);
  const given = listed(c, 1, "split");
  const parts = c.node.outputs.length;
  if (!given && c.has(1)) return unknown;
  const each = Math.ceil(shape[axis]! / parts);
  const sizes = given ?? c.node.outputs.map((_, i) => Math.max(0, Math.min(each, shape[axis]! - i * each)));
  const known = shape.length === 1 ? c.data(0) : undefined;
  const start = (i: number): number => sizes.slice(0, i).reduce((n, d) => n + d, 0);
  const outputs = c.node.outputs.map((_, i) => ({
    ...valueOf(
      shape.map((d, j) => (j === axis ? (sizes[i] ?? -1) : d)),
      c.dtype(),
      known?.slice(start(i), start(i) + sizes[i]!),
    ),
    ...(c.inputs[0]?.stored
      ? {
          stored: c.inputs[0].stored.map((t) => ({
            ...t,
            elements: Math.ceil((elementCount(t.shape) * (sizes[i] ?? 0)) / Math.max(1, shape[axis]!)),
          })),
        }
      : {}),
  }));
  return c.inputs[0]?.stored || known ? { outputs } : { outputs, ops: [{ op: copyOp(c) }], operands: [1] };
};

const slice: Rule = (c) => {
  const shape = c.shape(0);
  const starts = listed(c, 1, "starts");
  const ends = listed(c, 2, "ends");
  if (!starts || !ends) return unknown;
  const axes = listed(c, 3, "axes") ?? starts.map((_, i) => i);
  const steps = (c.has(4) ? c.data(4) : undefined) ?? starts.map(() => 1);
  if ((c.has(3) && !c.data(3)) || (c.has(4) && !c.data(4))) return unknown;
  const out = [...shape];
  const first = shape.map(() => 0);
  const stride = shape.map(() => 1);
  axes.forEach((a, i) => {
    const axis = axisOf(a, shape.length);
    const size = shape[axis]!;
    const step = steps[i] ?? 1;
    if (step === 0) throw new Uncountable("a step must not be 0");
    const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x < 0 ? x + size : x));
    const from = step > 0 ? clamp(starts[i]!, 0, size) : clamp(starts[i]!, 0, size - 1);
    const to = step > 0 ? clamp(ends[i]!, 0, size) : clamp(ends[i]!, -1, size - 1);
    out[axis] = Math.max(0, Math.ceil((to - from) / step));
    first[axis] = from;
    stride[axis] = step;
  });
  const data = reindexed(c.data(0), shape, out, (index) => index.map((x, i) => first[i]! + x * stride[i]!));
  return copy(c, out, { ...contents(data), operands: [1, 2, 3, 4], read: { 0: elementCount(out) } });
};

/** Rows of a stored table are an embedding: the table is parameters, its rows are read. */
const gather: Rule = (c) => {
  const shape = c.shape(0);
  const index = c.shape(1);
  const axis = axisOf(c.int("axis", 0), shape.length);
  const out = [...shape.slice(0, axis), ...index, ...shape.slice(axis + 1)];
  const known = shape.length === 1 ? c.data(0) : undefined;
  const at = c.data(1);
  const data = known && at ? at.map((i) => known[i < 0 ? i + known.length : i]!) : undefined;
  if (data?.some((d) => d === undefined))
    throw new Uncountable(`indices must be below ${known!.length}, got [${at!.slice(0, 8).join(", ")}]`);
  if (data) return { outputs: [valueOf(out, c.dtype(), data)] };
  if (c.inputs[0]?.stored && !c.inputs[1]?.data) {
    const rows = Math.min(elementCount(index), shape[axis]!);
    return {
      outputs: [valueOf(out, c.dtype())],
      ops: [{ op: { ...copyOp(c), kind: "embedding" } }],
      read: { 0: (elementCount(shape) / Math.max(1, shape[axis]!)) * rows },
    };
  }
  return copy(c, out, { operands: c.inputs[1]?.data ? [1] : [], read: { 0: elementCount(out) } });
};

const gatherElements: Rule = (c) => copy(c, c.shape(1), { read: { 0: elementCount(c.shape(1)) } });
const gatherND: Rule = (c) => {
  const shape = c.shape(0);
  const index = c.shape(1);
  const batch = c.int("batch_dims", 0);
  const out = [...index.slice(0, -1), ...shape.slice(batch + (index.at(-1) ?? 0))];
  return copy(c, out, { read: { 0: elementCount(out) } });
};
const sameAsFirst: Rule = (c) => copy(c, c.shape(0));

const expand: Rule = (c) => {
  const wanted = c.data(1);
  if (!wanted) return unknown;
  const out = broadcast(c.shape(0), wanted);
  return copy(c, out, {
    operands: [1],
    ...(c.data(0) && elementCount(out) <= 1024 ? { data: spread(c.data(0)!, c.shape(0), out) } : {}),
  });
};

const tile: Rule = (c) => {
  const repeats = c.data(1);
  const shape = c.shape(0);
  return repeats
    ? copy(
        c,
        shape.map((d, i) => d * (repeats[i] ?? 1)),
        { operands: [1] },
      )
    : unknown;
};

const pad: Rule = (c) => {
  const shape = c.shape(0);
  const pads = listed(c, 1, "pads");
  const axes = c.has(3) ? c.data(3) : shape.map((_, i) => i);
  if (!pads || !axes) return unknown;
  const out = [...shape];
  axes.forEach((a, i) => {
    out[axisOf(a, shape.length)]! += pads[i]! + pads[i + axes.length]!;
  });
  return pads.every((p) => p === 0) ? view(c, out) : copy(c, out, { operands: [1, 2, 3] });
};

const blocks =
  (sign: 1 | -1): Rule =>
  (c) => {
    const [n, channels, height, width] = c.shape(0) as [number, number, number, number];
    const b = c.int("blocksize", 1);
    return copy(
      c,
      sign > 0 ? [n, channels / (b * b), height * b, width * b] : [n, channels * b * b, height / b, width / b],
    );
  };

const shapeOf: Rule = (c) => {
  const shape = c.shape(0);
  const end = c.int("end", shape.length);
  const start = c.int("start", 0);
  const data = shape.slice(start, end);
  return { outputs: [valueOf([data.length], "int64", data)] };
};
const sizeOf: Rule = (c) => ({ outputs: [valueOf([], "int64", [elementCount(c.shape(0))])] });

const constant: Rule = (c) => {
  const a = c.node.attributes;
  const t = a.get("value")?.t;
  if (t) {
    const value = tensorValue(t, `constant ${JSON.stringify(c.node.outputs[0] ?? "")}`);
    // Exporters that write weights as constants write whole tensors; a scalar is part of a formula.
    const weight = value.shape && value.dtype && elementCount(value.shape) > 1 && elementTypes.get(t.type)!.float;
    return {
      outputs: [
        weight ? { ...value, stored: [{ name: c.node.outputs[0]!, shape: value.shape!, dtype: value.dtype! }] } : value,
      ],
    };
  }
  const ints = a.get("value_ints")?.ints;
  const floats = a.get("value_floats")?.floats;
  const i = a.get("value_int")?.i;
  const f = a.get("value_float")?.f;
  if (ints || floats)
    return { outputs: [valueOf([(ints ?? floats)!.length], ints ? "int64" : "fp32", ints ?? floats)] };
  return i === undefined && f === undefined
    ? unknown
    : { outputs: [valueOf([], i === undefined ? "fp32" : "int64", [(i ?? f)!])] };
};

const constantOfShape: Rule = (c) => {
  const shape = c.data(0);
  const t = c.node.attributes.get("value")?.t;
  const fill = t ? tensorValue(t, "value of ConstantOfShape") : valueOf([1], "fp32", [0]);
  if (!shape) return unknown;
  const n = elementCount(shape);
  return {
    outputs: [
      valueOf(shape, fill.dtype, fill.data && n <= 1024 ? new Array<number>(n).fill(fill.data[0]!) : undefined),
    ],
  };
};

const range: Rule = (c) => {
  const [start, limit, delta] = [c.data(0)?.[0], c.data(1)?.[0], c.data(2)?.[0]];
  if (start === undefined || limit === undefined || !delta) return unknown;
  const n = Math.max(0, Math.ceil((limit - start) / delta));
  return {
    outputs: [valueOf([n], c.dtype(), n <= 1024 ? Array.from({ length: n }, (_, i) => start + i * delta) : undefined)],
  };
};

const oneHot: Rule = (c) => {
  const depth = c.data(1)?.[0];
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", -1), shape.length, 1);
  return depth === undefined
    ? unknown
    : copy(c, [...shape.slice(0, axis), depth, ...shape.slice(axis)], { dtype: c.dtype(2), operands: [1, 2] });
};

/** No floating-point operations, whatever the shape. */
export const layout: Readonly<Record<string, Rule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Identity: identity,
  Cast: cast,
  CastLike: cast,
  Dropout: dropout,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterND: sameAsFirst,
  ScatterElements: sameAsFirst,
  Trilu: sameAsFirst,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  DepthToSpace: blocks(1),
  SpaceToDepth: blocks(-1),
  Shape: shapeOf,
  Size: sizeOf,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  OneHot: oneHot,
  EyeLike: sameAsFirst,
  ReverseSequence: sameAsFirst,
};
