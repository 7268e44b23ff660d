// Nodes whose output is known before the first run: sizes of tensors, constants and ranges.
import { elementCount } from "../../../op.js";
import { isComputed } from "../computed.js";
import { elementTypes } from "../elementTypes.js";
import type { Rule } from "../context.js";
import { tensorValue, valueOf } from "../value.js";
import { unknown } from "./viewOrCopy.js";

export const shapeOf: Rule = (c) => {
  const shape = c.shape(0);
  const end = c.int("end", shape.length);
  const start = c.int("start", 0);
  const data = shape.slice(start, end);
  return { outputs: [valueOf([data.length], "int64", data)] };
};
export const sizeOf: Rule = (c) => ({ outputs: [valueOf([], "int64", [elementCount(c.shape(0))])] });

export const constant: Rule = (c) => {
  const a = c.node.attributes;
  const t = a.get("value")?.t;
  if (t) {
    const value = tensorValue(t, `constant ${JSON.stringify(c.node.outputs[0] ?? "")}`);
    // Exporters that write weights as constants write whole tensors; a scalar is part of a formula.
    const { shape, dtype } = value;
    const weight = shape && dtype && elementCount(shape) > 1 && elementTypes.get(t.type)!.float && !isComputed(t);
    if (!weight) return { outputs: [value] };
    return { outputs: [{ ...value, stored: [{ name: c.node.outputs[0]!, shape, dtype }] }] };
  }
  const ints = a.get("value_ints")?.ints;
  const floats = a.get("value_floats")?.floats;
  const i = a.get("value_int")?.i;
  const f = a.get("value_float")?.f;
  if (ints || floats)
    return { outputs: [valueOf([(ints ?? floats)!.length], ints ? "int64" : "fp32", ints ?? floats)] };
  if (i !== undefined) return { outputs: [valueOf([], "int64", [i])] };
  if (f !== undefined) return { outputs: [valueOf([], "fp32", [f])] };
  return unknown;
};

export const constantOfShape: Rule = (c) => {
  const shape = c.data(0);
  const t = c.node.attributes.get("value")?.t;
  const fill = t ? tensorValue(t, "value of ConstantOfShape") : valueOf([1], "fp32", [0]);
  if (!shape) return unknown;
  const n = elementCount(valueOf(shape).shape!);
  const data = fill.data && n <= 1024 ? new Array<number>(n).fill(fill.data[0]!) : undefined;
  return { outputs: [valueOf(shape, fill.dtype, data)] };
};

export const range: Rule = (c) => {
  const start = c.data(0)?.[0];
  const limit = c.data(1)?.[0];
  const delta = c.data(2)?.[0];
  if (start === undefined || limit === undefined || !delta) return unknown;
  const n = Math.max(0, Math.ceil((limit - start) / delta));
  const data = n <= 1024 ? Array.from({ length: n }, (_, i) => start + i * delta) : undefined;
  return { outputs: [valueOf([n], c.dtype(), data)] };
};
