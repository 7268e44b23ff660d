// LSTM, GRU and plain RNN: the same step at every token, gate by gate.
import type { Extras, Op, TensorSpec } from "../op.js";
import { gradientOf, learned, readAgain, tensorAt } from "./gradient.js";
import { defineLayer, type BackwardOptions } from "./layer.js";
import { weightTensors, type Precision, type PrecisionOptions } from "./precision.js";
import { cells, type CellName } from "./recurrentCells.js";
import { choice, flag, optional, size } from "./shapeKeys.js";

export interface GruShape extends PrecisionOptions {
  /** Samples (default 1). */
  batch?: number;
  /** Steps of each sample (default 1). */
  tokens?: number;
  /** Width of x. */
  inputSize: number;
  /** Width of the state. */
  hiddenSize: number;
  /** Layers, each reading the one below (default 1). */
  numLayers?: number;
  /** Whether there are two vectors a layer and direction, as in PyTorch (default false). */
  bias?: boolean;
  /** Whether a second pass runs from the end (default false). */
  bidirectional?: boolean;
}
export interface RecurrentShape extends GruShape {
  /** Width that an LSTM's output and recurrent input are projected to (default: they are not). */
  projSize?: number;
}

export interface RnnShape extends GruShape {
  /** What the sum of a step goes through (default tanh). */
  nonlinearity?: "tanh" | "relu";
}

const rnnCells = { tanh: "rnn", relu: "rnnRelu" } as const satisfies Record<string, CellName>;

/** Each layer has its own tensors. */
const mostLayers = 10_000;

/** Sizes with their defaults. */
function withDefaults(
  who: string,
  { batch = 1, tokens = 1, inputSize, hiddenSize, numLayers = 1, bias = false, bidirectional = false }: GruShape,
) {
  if (numLayers > mostLayers) throw new RangeError(`${who}: numLayers must be at most ${mostLayers}, got ${numLayers}`);
  return { batch, tokens, inputSize, hiddenSize, numLayers, bias, bidirectional };
}

type GruAttributes = ReturnType<typeof withDefaults>;
/** `projSize` is 0 where nothing is projected. */
type Attributes = GruAttributes & { readonly projSize: number };

/** Widths and steps that follow from the sizes. */
function derived(cell: CellName, { batch, tokens, hiddenSize, numLayers, bidirectional, projSize }: Attributes) {
  const directions = bidirectional ? 2 : 1;
  return {
    directions,
    steps: batch * tokens,
    width: projSize || hiddenSize,
    wide: cells[cell].gates * hiddenSize,
    unitSteps: batch * tokens * directions * numLayers * hiddenSize,
  };
}

/** The weights of one direction of one layer that reads `inputs`. */
function weightsOf(cell: CellName, a: Attributes, at: string, inputs: number, p: Precision): TensorSpec[] {
  const { wide, width } = derived(cell, a);
  const vector = (name: string): TensorSpec => ({ name, shape: [wide], dtype: p.dtype });
  return [
    ...weightTensors(`weight_ih_${at}`, [wide, inputs], p),
    ...weightTensors(`weight_hh_${at}`, [wide, width], p),
    ...(a.bias ? [vector(`bias_ih_${at}`), vector(`bias_hh_${at}`)] : []),
    ...(a.projSize ? weightTensors(`weight_hr_${at}`, [a.projSize, a.hiddenSize], p) : []),
  ];
}

function forward<Told extends GruAttributes>(name: CellName, attributes: Attributes, told: Told, p: Precision) {
  const { batch, tokens, inputSize, hiddenSize, numLayers, bias, projSize } = attributes;
  const { directions, steps, width, wide, unitSteps } = derived(name, attributes);
  const cell = cells[name];
  const tensor = (name: string, shape: number[]): TensorSpec => ({ name, shape, dtype: p.dtype });
  const states = (suffix: string): TensorSpec[] => [
    tensor(`h${suffix}`, [directions * numLayers, batch, width]),
    ...(cell.states === 2 ? [tensor(`c${suffix}`, [directions * numLayers, batch, hiddenSize])] : []),
  ];
  const weights: TensorSpec[] = [];
  const between: TensorSpec[] = [];
  let macs = 0;
  for (let layer = 0; layer < numLayers; layer++) {
    const inputs = layer === 0 ? inputSize : directions * width;
    weights.push(...weightsOf(name, attributes, `l${layer}`, inputs, p));
    if (directions === 2) weights.push(...weightsOf(name, attributes, `l${layer}_reverse`, inputs, p));
    if (layer > 0) between.push(tensor(`y_l${layer - 1}`, [batch, tokens, directions * width]));
    macs += steps * directions * (wide * (inputs + width) + hiddenSize * projSize);
  }
  const extras: Extras = {
    ...(bias ? { bias: 2 * cell.gates * unitSteps } : {}),
    activation: cell.activation * unitSteps,
    elementwise: cell.sums * unitSteps,
  };
  return {
    inputs: [tensor("x", [batch, tokens, inputSize]), ...states("0"), ...between],
    weights,
    outputs: [tensor("y", [batch, tokens, directions * width]), ...states("n"), ...between],
    macs,
    extras,
    transcendentals: cell.transcendentals * unitSteps,
    attributes: told,
  };
}

function backward(name: CellName, op: Op, attributes: Attributes, { inputGradient }: Required<BackwardOptions>): Op[] {
  const { batch, tokens, inputSize, hiddenSize, numLayers, bias } = attributes;
  const { directions, steps, wide, unitSteps } = derived(name, attributes);
  const cell = cells[name];
  const x = tensorAt(op, "inputs", 0);
  const y = tensorAt(op, "outputs", 0);
  const between = op.inputs.slice(1 + cell.states);
  const kept = { name: "kept", shape: [numLayers, directions, batch, tokens, cell.kept * hiddenSize], dtype: x.dtype };
  return [
    {
      kind: `${op.kind}.backward`,
      inputs: [x, y, gradientOf(y), ...between, ...(cell.kept > 0 ? [kept] : [])],
      weights: readAgain(op.weights.filter((w) => w.shape.length > 1)),
      outputs: [...(inputGradient ? [gradientOf(x)] : []), ...learned(op.weights).map((w) => gradientOf(w, x.dtype))],
      macs: 2 * op.macs - (inputGradient ? 0 : steps * directions * wide * inputSize),
      extras: { ...(bias ? { bias: 2 * cell.gates * unitSteps } : {}), elementwise: cell.backward * unitSteps },
      transcendentals: cell.backwardTranscendentals * unitSteps,
      attributes: op.attributes,
    },
  ];
}

const keys = {
  batch: optional(size),
  tokens: optional(size),
  inputSize: size,
  hiddenSize: size,
  numLayers: optional(size),
  bias: flag,
  bidirectional: flag,
};
const example: GruShape = { tokens: 8, inputSize: 32, hiddenSize: 64 };

/**
 * LSTM: macs = batch · tokens · directions · Σ layers 4 · hiddenSize · (input + recurrent), + hiddenSize ·
 * projSize with a projection; input is directions · width from the second layer on. Shapes: x [batch, tokens,
 * inputSize], y [batch, tokens, directions · width]; states [directions · numLayers, batch, …]; weights as
 * PyTorch's [4 hiddenSize, …]. Extras: bias 8 hiddenSize a step, activation 11 (5 transcendentals) and elementwise 8
 * per hidden unit. Weights and states move once: a kernel that cannot hold them reads them every step.
 */
export const lstm = defineLayer({
  kind: "lstm",
  about: "long short-term memory",
  shapeKeys: { ...keys, projSize: optional(size) },
  example,
  forward: (shape: RecurrentShape, p: Precision) => {
    const attributes = { ...withDefaults("lstm", shape), projSize: shape.projSize ?? 0 };
    const { projSize, hiddenSize } = attributes;
    if (projSize >= hiddenSize)
      throw new RangeError(`lstm: projSize must be below hiddenSize ${hiddenSize}, got ${projSize}`);
    return forward("lstm", attributes, attributes, p);
  },
  backward: (op, options) => backward("lstm", op, op.attributes, options),
});

/**
 * GRU: as lstm with 3 gates, no cell state and no projection; activation 7 (3 transcendentals), elementwise 8, bias 6
 * per hidden unit and step.
 */
export const gru = defineLayer({
  kind: "gru",
  about: "gated recurrent unit",
  shapeKeys: keys,
  example,
  forward: (shape: GruShape, p: Precision) => {
    const attributes = withDefaults("gru", shape);
    return forward("gru", { ...attributes, projSize: 0 }, attributes, p);
  },
  backward: (op, options) => backward("gru", op, { ...op.attributes, projSize: 0 }, options),
});

/**
 * Plain RNN (torch.nn.RNN), h' = tanh(W x + U h) or relu of it: as gru with one gate; activation 1 (a transcendental
 * where it is tanh), elementwise 1, bias 2 per hidden unit and step.
 */
export const rnn = defineLayer({
  kind: "rnn",
  about: "recurrent layer without gates",
  shapeKeys: { ...keys, nonlinearity: choice("tanh", "relu") },
  example,
  forward: ({ nonlinearity = "tanh", ...shape }: RnnShape, p: Precision) => {
    const attributes = { ...withDefaults("rnn", shape), nonlinearity };
    return forward(rnnCells[nonlinearity], { ...attributes, projSize: 0 }, attributes, p);
  },
  backward: (op, options) =>
    backward(rnnCells[op.attributes.nonlinearity], op, { ...op.attributes, projSize: 0 }, options),
});
