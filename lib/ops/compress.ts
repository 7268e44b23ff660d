// Windows of keys summed into one entry each by a learned softmax (DeepSeek-V4's compressor). The projections before it
// are linear ops.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { gradientOf, learned, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import type { Precision, PrecisionOptions } from "./precision.js";
import { count, flag, optional, size } from "./shapeKeys.js";
import { softmaxBackwardFlops, softmaxFlops } from "./softmax.js";

export interface CompressShape extends PrecisionOptions {
  /** Windows that are closed, of all samples; 0 in a step that closes none. */
  windows: number;
  /** Positions of a window. */
  rate: number;
  /** Width of an entry. */
  features: number;
  /** Whether an entry is made of the window before too: twice the positions, each with two halves (default false). */
  overlap?: boolean;
  /** Elements of an entry that are turned (default 0). */
  rotaryDim?: number;
}

/** The shape with its defaults. */
const withDefaults = ({ windows, rate, features, overlap = false, rotaryDim = 0 }: CompressShape) => ({
  windows,
  rate,
  features,
  overlap,
  rotaryDim,
});
type Attributes = Readonly<ReturnType<typeof withDefaults>>;

/** Elements that are weighed, and elements that are made. */
const sizesOf = ({ windows, rate, features, overlap }: Attributes) => ({
  weighed: windows * rate * (overlap ? 2 : 1) * features,
  made: windows * features,
});

function forward(shape: CompressShape, p: Precision) {
  const attributes = withDefaults(shape);
  const { windows, rate, features, overlap, rotaryDim } = attributes;
  if (rotaryDim > features)
    throw new RangeError(`compress: rotaryDim must be at most features ${features}, got ${rotaryDim}`);
  const { weighed, made } = sizesOf(attributes);
  const sides = overlap ? 2 : 1;
  const x = (name: string): TensorSpec => ({ name, shape: [windows, sides * rate, features], dtype: p.dtype });
  const unread = windows === 0 ? { elements: 0 } : {};
  return {
    inputs: [x("kv"), x("gate")],
    weights: [
      { name: "positionBias", shape: [rate, sides * features], dtype: "fp32" as const, ...unread },
      { name: "norm.weight", shape: [features], dtype: p.dtype, ...unread },
    ],
    outputs: [{ name: "y", shape: [windows, features], dtype: p.kvDtype }],
    macs: 0,
    extras: {
      bias: weighed,
      softmax: softmaxFlops * weighed,
      mul: weighed,
      add: weighed,
      norm: 4 * made,
      rope: 3 * windows * rotaryDim,
    },
    transcendentals: weighed + windows,
    attributes,
  };
}

/** Through rotation and norm (as rmsNorm's) to the sum, whose products and softmax have theirs; the bias sums. */
function backward(op: Op & { readonly attributes: Attributes }, { inputGradient }: Required<BackwardOptions>): Op[] {
  const [kv, gate] = [tensorAt(op, "inputs", 0), tensorAt(op, "inputs", 1)];
  const { weighed, made } = sizesOf(op.attributes);
  return [
    {
      kind: "compress.backward",
      inputs: [kv, gate, gradientOf(tensorAt(op, "outputs", 0), kv.dtype)],
      weights: readAgain(op.weights),
      outputs: [
        ...(inputGradient ? [gradientOf(kv), gradientOf(gate)] : []),
        ...learned(op.weights).map((w) => gradientOf(w)),
      ],
      macs: 0,
      extras: {
        rope: op.extras.rope!,
        norm: 9 * made,
        mul: 2 * weighed,
        softmax: softmaxBackwardFlops * weighed,
        bias: weighed,
      },
      attributes: op.attributes,
    },
  ];
}

/**
 * y[w] = rope(norm(Σ_j softmax_j(gate[w, j] + bias[j]) kv[w, j])), feature by feature, over the `rate` positions of a
 * window, or with `overlap` those of the window before too. No macs: nothing is contracted. Extras: bias 1, softmax 5,
 * product and sum 2 an element weighed; norm 4, rotation 3 an element made. Shapes: kv and gate [windows, rate or twice
 * that, features], bias [rate, features or twice that] in fp32, y at `kvDtype`. Neglected: positions that wait for
 * their window to close. (DeepSeek-V4, sections 2.3.1 and 2.3.2)
 */
export const compress = defineLayer({
  kind: "compress",
  about: "each window of keys as one entry, by a softmax over it",
  shapeKeys: {
    windows: count,
    rate: size,
    features: size,
    overlap: flag,
    rotaryDim: optional(count),
  },
  example: { windows: 4, rate: 4, features: 16 },
  forward,
  backward,
});

/** Entries of `context` positions that the last `tokens` of them close, in one sample. */
export const closedWindows = (rate: number, { tokens, context }: { tokens: number; context: number }): number =>
  Math.floor(context / rate) - Math.floor((context - tokens) / rate);

/** Elements that one sample keeps between calls: of an open window, and with `overlap` of the last closed one. */
export function waitingElements({ rate, features, overlap = false }: CompressShape, context: number): number {
  const open = 2 * elementCount([context % rate, (overlap ? 2 : 1) * features]);
  return open + (overlap && context >= rate ? 2 * rate * features : 0);
}
