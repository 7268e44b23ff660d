// Layers that work element by element or only place elements: activations, sums, learned tensors, concatenation.
import { activationLayers, add, concat, mul, prependToken, softmax } from "../ops/index.js";
import type { ActivationKind } from "../ops/index.js";
import type { Activation, Mark, Sheet } from "./sheet.js";

/** The calls for elementwise layers, written on `sheet`. */
export function elementLayers({ put, make, precision }: Sheet) {
  const activate = (path: string, x: Activation, kind: ActivationKind, mark: Mark = {}): Activation =>
    put(path, make(activationLayers[kind], { shape: x.shape }), [x], mark);
  return {
    activate,

    relu(path: string, x: Activation, mark: Mark = {}): Activation {
      return activate(path, x, "relu", mark);
    },

    add(path: string, x: Activation, y: Activation, mark: Mark = {}): Activation {
      return put(path, make(add, { shape: x.shape, other: y.shape }), [x, y], mark);
    },

    multiply(path: string, x: Activation, y: Activation, mark: Mark = {}): Activation {
      return put(path, make(mul, { shape: x.shape, other: y.shape }), [x, y], mark);
    },

    /** x plus a constant of `shape` (a mask). */
    addConstant(path: string, x: Activation, shape: readonly number[], mark: Mark = {}): Activation {
      return put(path, add({ shape: x.shape, other: shape, constant: true }, precision), [x], mark);
    },

    /** x times a number. */
    scale(path: string, x: Activation, mark: Mark = {}): Activation {
      return put(path, mul({ shape: x.shape, other: [1], constant: true }, precision), [x], mark);
    },

    /** x plus a learned tensor of `shape`, gathered from a table of shape `stored` when given. */
    addParameter(
      path: string,
      x: Activation,
      shape: readonly number[],
      { stored, ...mark }: Mark & { stored?: readonly number[] } = {},
    ): Activation {
      const learned = { parameter: true, ...(stored === undefined ? {} : { table: stored }) };
      return put(path, add({ shape: x.shape, other: shape, ...learned }, precision), [x], mark);
    },

    multiplyParameter(path: string, x: Activation, shape: readonly number[], mark: Mark = {}): Activation {
      return put(path, mul({ shape: x.shape, other: shape, parameter: true }, precision), [x], mark);
    },

    /** Probabilities along `dim`, by default the last one. */
    softmax(path: string, x: Activation, dim = -1): Activation {
      return put(path, make(softmax, { shape: x.shape, dim }), [x]);
    },

    /** `count` learned tokens before those of x. */
    prependToken(path: string, x: Activation, { count = 1, ...mark }: Mark & { count?: number } = {}): Activation {
      const [batch, tokens, hiddenSize] = x.shape as readonly [number, number, number];
      return put(path, prependToken({ batch, tokens, hiddenSize, count }, precision), [x], mark);
    },

    /** Side by side along `axis`, by default the channels of a plane. */
    concat(
      path: string,
      parts: readonly Activation[],
      { axis = 1, ...mark }: Mark & { axis?: number } = {},
    ): Activation {
      const shapes = parts.map((p) => p.shape);
      return put(path, concat({ shapes, dim: axis }, precision), parts, mark);
    },
  };
}
