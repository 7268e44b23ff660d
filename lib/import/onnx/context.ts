// One node as a rule sees it: attributes with their defaults, inputs with known shapes, and what a rule gives back.
import { shown } from "../../check.js";
import type { DType } from "../../dtype.js";
import type { Op } from "../../op.js";
import type { OnnxNode } from "./proto.js";
import { Uncountable, type Value } from "./value.js";

/**
 * What a rule found. `ops`: what the node computes, each under the node's path and its own suffix when there are
 * several; none for a change of view. A single op's tensors are replaced by the node's own, unless `ownTensors`.
 * `operands`: inputs that steer (axes, scales of a resize) and are no traffic. `unstored`: inputs that are bytes but no
 * parameters (running statistics, quantization scales, initial states). `read`: elements read of an input, when not
 * all. `why`: why the shape of an output is not known, where it is not.
 */
export interface Found {
  outputs: readonly (Value | undefined)[];
  ops?: readonly { suffix?: string; op: Op }[];
  ownTensors?: boolean;
  operands?: readonly number[];
  unstored?: readonly number[];
  read?: Readonly<Record<number, number>>;
  why?: string;
}

export type Rule = (node: Context) => Found;

export interface Context {
  readonly node: OnnxNode;
  readonly opset: number;
  readonly inputs: readonly (Value | undefined)[];
  /** What the file declares of output i. */
  declared(i: number): Value | undefined;
  /** Shape of input i; throws Uncountable when it is not known. */
  shape(i: number): readonly number[];
  /** Contents of input i, when the file tells them. */
  data(i: number): readonly number[] | undefined;
  dtype(i?: number): DType;
  has(i: number): boolean;
  int(name: string, otherwise: number): number;
  ints(name: string): readonly number[] | undefined;
  floats(name: string): readonly number[] | undefined;
  float(name: string, otherwise: number): number;
  text(name: string, otherwise: string): string;
  texts(name: string): readonly string[] | undefined;
}

const decoder = new TextDecoder();

/** `node` with the values of its inputs. */
export function contextOf(
  node: OnnxNode,
  opset: number,
  inputs: readonly (Value | undefined)[],
  declared: Context["declared"] = () => undefined,
): Context {
  const attribute = (name: string) => node.attributes.get(name);
  return {
    node,
    opset,
    inputs,
    declared,
    shape(i) {
      const shape = inputs[i]?.shape;
      if (shape === undefined)
        throw new Uncountable(`shape of input ${i} (${shown(node.inputs[i] ?? "absent")}) is not known`);
      return shape;
    },
    data: (i) => inputs[i]?.data,
    dtype: (i = 0) => inputs[i]?.dtype ?? "fp32",
    has: (i) => node.inputs[i] !== undefined && node.inputs[i] !== "",
    int: (name, otherwise) => attribute(name)?.i ?? otherwise,
    ints: (name) => {
      const list = attribute(name)?.ints;
      return list && list.length > 0 ? list : undefined;
    },
    floats: (name) => {
      const list = attribute(name)?.floats;
      return list && list.length > 0 ? list : undefined;
    },
    float: (name, otherwise) => attribute(name)?.f ?? otherwise,
    texts: (name) => {
      const list = attribute(name)?.strings;
      return list && list.length > 0 ? list : undefined;
    },
    text: (name, otherwise) => {
      const s = attribute(name)?.s;
      return s ? decoder.decode(s.bytes) : otherwise;
    },
  };
}

/** `axis` from 0 on. */
export function axisOf(axis: number, rank: number, spare = 0): number {
  const at = axis < 0 ? axis + rank + spare : axis;
  if (!Number.isInteger(at) || at < 0 || at >= rank + spare)
    throw new Uncountable(`axis must be one of ${rank + spare} dimensions, got ${axis}`);
  return at;
}

/** Shapes broadcast against each other, from the last dimension on. */
export function broadcast(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    let size = 1;
    for (const s of shapes) {
      const d = s[s.length - rank + i] ?? 1;
      if (d === size || d === 1) continue;
      if (size !== 1) throw new Uncountable(`shapes must broadcast, got ${shapes.map((x) => shown(x)).join(" and ")}`);
      size = d;
    }
    return size;
  });
}

/** Whether a shape has no elements: nothing is computed or moved then. */
export const isEmpty = (shape: readonly number[]): boolean => shape.includes(0);
