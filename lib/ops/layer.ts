// One description per layer: its kind, the keys of its shape, its forward and its backward pass. What else is known of
// layers (command line, reference, refusals, tools' tables) is derived from it. No layer is known by name here.
import { knownKeys } from "../check.js";
import type { Op } from "../op.js";
import { precision, precisionKeys, type Precision, type PrecisionOptions } from "./precision.js";
import { merged } from "./shape.js";
import type { ShapeKey } from "./shapeKeys.js";

/** An op that a layer made: its attributes are those of its kind. */
export interface LayerOp<Kind extends string, Attributes> extends Op<Kind> {
  /** The shape and options that it was made of, by the names of the shape's keys. */
  readonly attributes: Attributes & Readonly<Record<string, unknown>>;
}

/** What is wanted of a backward pass. */
export interface BackwardOptions {
  /** Whether the gradient of the layer's input is wanted (default true); a network's first layer needs none. */
  readonly inputGradient?: boolean;
}

/** What a layer makes of a shape: an op, but for its kind. */
export interface Made<Attributes> extends Omit<Op, "kind" | "attributes"> {
  /** The kind, where it is not the layer's (a form that is another layer). */
  readonly kind?: string;
  /** The shape and options of the op, by the names of the shape's keys. */
  readonly attributes: Attributes;
}

/** T, where nothing is inferred about it (NoInfer of TypeScript 5.4: the notebooks' kernel has an older one). */
type Given<T> = [T][T extends unknown ? 0 : never];

/** What there is to say of a layer, once. */
export interface LayerDescription<Kind extends string, Shape, Attributes> {
  /** The kind of its ops. */
  readonly kind: Kind;
  /** What it is called, where that is not its kind (a form of another layer, such as adaptiveAvgPool). */
  readonly layerName?: string;
  /** What it computes, in a few words. */
  readonly about: string;
  /** The keys of its shape, in the order in which they are told. Every layer takes PrecisionOptions beside them. */
  readonly shapeKeys: { readonly [Key in Exclude<keyof Given<Shape>, keyof PrecisionOptions>]-?: ShapeKey };
  /** A small shape that is right. */
  readonly example: Given<Shape>;
  /** The op of a shape whose keys have been checked one by one. */
  forward(shape: Shape, precision: Precision): Made<Attributes>;
  /** The ops of the backward pass of `op`, from its data alone. */
  backward(op: LayerOp<Given<Kind>, Given<Attributes>>, options: Required<BackwardOptions>): readonly Op[];
}

/** A layer: a function from a shape to its op, and its own description. */
export interface Layer<Kind extends string, Shape, Attributes> extends LayerDescription<Kind, Shape, Attributes> {
  (shape: Shape, options?: PrecisionOptions): LayerOp<Kind, Attributes>;
  readonly layerName: string;
}

/**
 * The layer that `description` describes. Called with a shape and options (which win), it refuses unknown keys and
 * values that a key does not take, in one line that names the layer and the key.
 */
export function defineLayer<const Kind extends string, Shape extends PrecisionOptions, Attributes>(
  description: LayerDescription<Kind, Shape, Attributes>,
): Layer<Kind, Shape, Attributes> {
  const { kind, layerName = kind, shapeKeys, forward } = description;
  const keys = Object.entries<ShapeKey>(shapeKeys);
  const known = new Set([...Object.keys(shapeKeys), ...precisionKeys]);
  const layer = (shape: Shape, options?: PrecisionOptions): LayerOp<Kind, Attributes> => {
    const given = merged(layerName, shape, options);
    for (const key in given) if (!known.has(key)) knownKeys(layerName, given, [...known]);
    const stored = precision(layerName, given);
    for (const [key, { required, check }] of keys) {
      const value = given[key as keyof Shape];
      if (value !== undefined || required) check(layerName, key, value);
    }
    return { kind, ...forward(given, stored) } as LayerOp<Kind, Attributes>;
  };
  return Object.assign(layer, description, { layerName });
}
