// What is known of a value on its way through the graph: shape, element type, small integer contents, and the stored
// weight behind it.
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { shown } from "../../check.js";
import type { DType } from "../../dtype.js";
import { elementCount, type TensorSpec } from "../../op.js";
import { elementTypes, isFloat } from "./elementTypes.js";
import { maxData } from "./maxData.js";
import type { Tensor } from "./proto.js";
import { who, type Slice } from "./wire.js";

/**
 * `stored`: the tensors of the file behind a weight, the first the weight itself, then scales and zero points. A
 * sequence has `element`, and `items` where their number is known; an optional that holds nothing is `absent`.
 */
export interface Value {
  readonly shape?: readonly number[];
  readonly dtype?: DType;
  readonly data?: readonly number[];
  readonly stored?: readonly TensorSpec[];
  readonly items?: readonly Value[];
  readonly element?: Value;
  readonly absent?: true;
}

/** A node that cannot be counted: the reason goes into the result. */
export class Uncountable extends Error {}

/** Whether both are known, and the same. */
export const sameSizes = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a !== undefined && b !== undefined && a.length === b.length && a.every((d, i) => d === b[i]);

const maxRank = 64;

/** A value of `shape`, checked: sizes are integers from 0 on, the element count exact. */
export function valueOf(shape: readonly number[] | undefined, dtype?: DType, data?: readonly number[]): Value {
  if (shape === undefined) return dtype === undefined ? {} : { dtype };
  if (shape.length > maxRank) throw new Uncountable(`rank must be at most ${maxRank}, got ${shape.length}`);
  for (const d of shape)
    if (!Number.isSafeInteger(d) || d < 0)
      throw new Uncountable(`sizes must be non-negative integers, got ${shown(shape)}`);
  if (elementCount(shape) > Number.MAX_SAFE_INTEGER)
    throw new Uncountable(`a tensor must hold at most 2^53 - 1 elements, got ${shown(shape)}`);
  return { shape, ...(dtype === undefined ? {} : { dtype }), ...(data && data.length <= maxData ? { data } : {}) };
}

/** More tensors behind one constant are not followed: it is computed at run time then. */
const maxStored = 64;

/** The stored tensors behind `values`, each once; undefined where they are too many to follow. */
export function storedBehind(values: readonly (Value | undefined)[]): readonly TensorSpec[] | undefined {
  const all = values.flatMap((v) => v?.stored ?? []);
  if (all.length < 2) return all;
  const seen = new Set<string>();
  const each = all.filter(({ name }) => name === undefined || (!seen.has(name) && seen.add(name)));
  return each.length > maxStored ? undefined : each;
}

/** A tensor of the file as a value; its claims are checked against the bytes that it carries. */
export function tensorValue(t: Tensor, what = `initialiser ${shown(t.name)}`): Value {
  if (
    t.dims.some((d) => !Number.isSafeInteger(d) || d < 0) ||
    t.dims.length > maxRank ||
    elementCount(t.dims) > Number.MAX_SAFE_INTEGER
  )
    throw new RangeError(
      `${who}: dims of ${what} must be non-negative integers of an exact product, got ${shown(t.dims)}`,
    );
  const elements = elementCount(t.dims);
  if (t.type === 8) return checked(elements, t.strings, what, "strings", { shape: t.dims });
  const type = elementTypes.get(t.type);
  if (!type)
    throw new RangeError(
      `${who}: data_type of ${what} must be one of ${[...elementTypes.keys()].join(", ")}, got ${t.type}`,
    );
  const dtype = type.dtype;
  const held = { shape: t.dims, dtype };
  if (t.external) return held;
  if (t.raw) checked(Math.ceil((elements * type.bits) / 8), t.raw.bytes.length, what, "bytes of raw_data", held);
  else {
    const perByte = (slices: readonly Slice[] | undefined, width: number): number =>
      (slices ?? []).reduce((n, s) => n + s.bytes.length / width, 0);
    // A complex number is two floats; two 4-bit numbers share an int32.
    const numbers =
      perByte(t.floats, 4) / (t.type === 14 ? 2 : 1) +
      perByte(t.doubles, 8) +
      (t.integers ?? []).reduce((n, s) => n + varints(s.bytes), 0);
    checked(type.bits < 8 ? Math.ceil((elements * type.bits) / 8) : elements, numbers, what, "numbers", held);
  }
  return elements > maxData || type.bits < 8 ? held : valueOf(t.dims, dtype, contents(t, elements));
}

function checked(wanted: number, got: number, what: string, unit: string, value: Value): Value {
  if (wanted !== got) throw new RangeError(`${who}: ${what} must hold ${wanted} ${unit}, got ${got}`);
  return value;
}

/** Varints end at a byte below 0x80. */
function varints(bytes: Uint8Array): number {
  let n = 0;
  for (const b of bytes) if (b < 0x80) n++;
  return n;
}

function contents(t: Tensor, elements: number): number[] | undefined {
  const list: number[] = [];
  if (t.raw) {
    const view = new DataView(t.raw.bytes.buffer, t.raw.bytes.byteOffset, t.raw.bytes.byteLength);
    const read = readers[t.type];
    if (!read) return undefined;
    const width = t.raw.bytes.length / Math.max(1, elements);
    for (let i = 0; i < elements; i++) list.push(read(view, i * width));
    return list;
  }
  const views = (slices: readonly Slice[] | undefined) =>
    (slices ?? []).map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  for (const v of views(t.floats)) for (let i = 0; i + 4 <= v.byteLength; i += 4) list.push(v.getFloat32(i, true));
  for (const v of views(t.doubles)) for (let i = 0; i + 8 <= v.byteLength; i += 8) list.push(v.getFloat64(i, true));
  // int32_data holds the bits of 16-bit floats, not their values.
  if (t.integers && isFloat(elementTypes.get(t.type)!.dtype)) return undefined;
  for (const { bytes } of t.integers ?? []) {
    const reader = new BinaryReader(bytes);
    try {
      while (reader.pos < reader.len) list.push(Number(reader.int64()));
    } catch (error) {
      const got = shown(String((error as Error).message));
      throw new RangeError(`${who}: integers of tensor ${shown(t.name)} must be varints, got ${got}`, { cause: error });
    }
  }
  return list;
}

/** The n numbers of a float tensor by their place; undefined where they lie elsewhere or in a packed form. */
export function readerOf(t: Tensor, n: number): ((i: number) => number) | undefined {
  const part = t.raw ?? (t.type === 1 && t.floats?.length === 1 ? t.floats[0] : undefined);
  const width = { 1: 4, 10: 2, 11: 8, 16: 2 }[t.type];
  const read = readers[t.type];
  if (t.external || !part || !width || !read || part.bytes.length !== n * width) return undefined;
  const view = new DataView(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength);
  return (i) => read(view, i * width);
}

const widened = new DataView(new ArrayBuffer(4));
const readers: Readonly<Record<number, (v: DataView, at: number) => number>> = {
  1: (v, at) => v.getFloat32(at, true),
  2: (v, at) => v.getUint8(at),
  3: (v, at) => v.getInt8(at),
  4: (v, at) => v.getUint16(at, true),
  5: (v, at) => v.getInt16(at, true),
  6: (v, at) => v.getInt32(at, true),
  7: (v, at) => Number(v.getBigInt64(at, true)),
  9: (v, at) => v.getUint8(at),
  10: (v, at) => half(v.getUint16(at, true)),
  11: (v, at) => v.getFloat64(at, true),
  12: (v, at) => v.getUint32(at, true),
  13: (v, at) => Number(v.getBigUint64(at, true)),
  16: (v, at) => {
    widened.setUint16(0, v.getUint16(at, true));
    return widened.getFloat32(0);
  },
};

/** A 16-bit float from its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
