// LSTM and GRU: the same step at every token, gate by gate.
import { knownKeys, positiveIntegers } from "../check.js";
import type { Op, TensorSpec } from "../op.js";
import { gradientOf, readAgain, type BackwardOptions } from "./gradient.js";
import { precision, precisionKeys, weightTensors, type PrecisionOptions } from "./precision.js";
import { booleans, merged } from "./shape.js";

/**
 * `projSize` (LSTM only): the output and the recurrent input are projected to that width. `bias`: two vectors a layer,
 * as in PyTorch.
 */
export interface RecurrentShape extends PrecisionOptions {
  batch?: number;
  tokens?: number;
  inputSize: number;
  hiddenSize: number;
  numLayers?: number;
  bias?: boolean;
  bidirectional?: boolean;
  projSize?: number;
}

const keys = ["batch", "tokens", "inputSize", "hiddenSize", "numLayers", "bias", "bidirectional"];

interface Cell {
  gates: number;
  sums: number;
  activation: number;
  transcendentals: number;
  states: number;
  kept: number;
  backward: number;
  backwardTranscendentals: number;
}

// Per hidden unit and step: products of gate input and state that are added up; σ at 3 FLOPs and tanh at 1; the state
// update. LSTM: four sums; 3 σ + 2 tanh = 11; c' = f c + i g and h = o tanh(c') = 4. GRU: two sums, n's r · (U h) + W
// x = 2; 2 σ + tanh = 7; h' = (1 - z) n + z h = 4. Backward, per hidden unit and step: the chain of the same formulas
// from what is kept: LSTM i, f, g, o, c (tanh(c) again); GRU r, z, n, U h.
const cells: Readonly<Record<"lstm" | "gru", Cell>> = {
  lstm: {
    gates: 4,
    sums: 4 + 4,
    activation: 11,
    transcendentals: 5,
    states: 2,
    kept: 5,
    backward: 24,
    backwardTranscendentals: 1,
  },
  gru: {
    gates: 3,
    sums: 2 + 2 + 4,
    activation: 7,
    transcendentals: 3,
    states: 1,
    kept: 4,
    backward: 18,
    backwardTranscendentals: 0,
  },
};

/**
 * LSTM: macs = batch · tokens · directions · Σ layers 4 · hiddenSize · (input + recurrent), + hiddenSize ·
 * projSize with a projection; input is directions · width from the second layer on. Shapes: x [batch, tokens,
 * inputSize], y [batch, tokens, directions · width]; states [directions · numLayers, batch, …]; weights as
 * PyTorch's [4 hiddenSize, …]. Extras: bias 8 hiddenSize a step, activation 11 (5 transcendentals) and elementwise 8
 * per hidden unit. Weights and states move once: a kernel that cannot hold them reads them every step.
 */
export const lstm = (shape: RecurrentShape, options: PrecisionOptions = {}): Op => recurrent("lstm", shape, options);

/**
 * GRU: as lstm with 3 gates, no cell state and no projection; activation 7 (3 transcendentals), elementwise 8, bias 6
 * per hidden unit and step.
 */
export const gru = (shape: RecurrentShape, options: PrecisionOptions = {}): Op => recurrent("gru", shape, options);

function recurrent(kind: "lstm" | "gru", given: RecurrentShape, options: PrecisionOptions): Op {
  const {
    batch = 1,
    tokens = 1,
    inputSize,
    hiddenSize,
    numLayers = 1,
    bias = false,
    bidirectional = false,
    projSize,
    ...rest
  } = merged(kind, given, options);
  if (kind === "gru") knownKeys(kind, given, [...keys, ...precisionKeys]); // projSize is the LSTM's alone
  const p = precision(kind, rest, [...keys, "projSize"]);
  positiveIntegers(kind, {
    batch,
    tokens,
    inputSize,
    hiddenSize,
    numLayers,
    ...(projSize === undefined ? {} : { projSize }),
  });
  booleans(kind, { bias, bidirectional });
  if (projSize !== undefined && projSize >= hiddenSize)
    throw new RangeError(`lstm: projSize must be below hiddenSize ${hiddenSize}, got ${projSize}`);
  const cell = cells[kind];
  const directions = bidirectional ? 2 : 1;
  const width = projSize ?? hiddenSize;
  const steps = batch * tokens;
  const unitSteps = steps * directions * numLayers * hiddenSize;
  const tensor = (name: string, shape: number[]): TensorSpec => ({ name, shape, dtype: p.dtype });
  const x = tensor("x", [batch, tokens, inputSize]);
  const y = tensor("y", [batch, tokens, directions * width]);
  const states = (suffix: string) => [
    tensor(`h${suffix}`, [directions * numLayers, batch, width]),
    ...(cell.states === 2 ? [tensor(`c${suffix}`, [directions * numLayers, batch, hiddenSize])] : []),
  ];
  const weights: TensorSpec[] = [];
  const between: TensorSpec[] = [];
  let inputMacs = 0;
  let macs = 0;
  for (let layer = 0; layer < numLayers; layer++) {
    const inputs = layer === 0 ? inputSize : directions * width;
    const wide = cell.gates * hiddenSize;
    for (let direction = 0; direction < directions; direction++) {
      const at = `l${layer}${direction ? "_reverse" : ""}`;
      weights.push(
        ...weightTensors(`weight_ih_${at}`, [wide, inputs], p),
        ...weightTensors(`weight_hh_${at}`, [wide, width], p),
      );
      if (bias) weights.push(tensor(`bias_ih_${at}`, [wide]), tensor(`bias_hh_${at}`, [wide]));
      if (projSize !== undefined) weights.push(...weightTensors(`weight_hr_${at}`, [projSize, hiddenSize], p));
    }
    if (layer === 0) inputMacs = steps * directions * wide * inputs;
    macs += steps * directions * (wide * (inputs + width) + (projSize === undefined ? 0 : hiddenSize * projSize));
    if (layer > 0) between.push(tensor(`y_l${layer - 1}`, [batch, tokens, directions * width]));
  }
  const attributes = {
    batch,
    tokens,
    inputSize,
    hiddenSize,
    numLayers,
    bias,
    bidirectional,
    ...(kind === "lstm" ? { projSize: projSize ?? 0 } : {}),
  };
  const extras = {
    ...(bias ? { bias: 2 * cell.gates * unitSteps } : {}),
    activation: cell.activation * unitSteps,
    elementwise: cell.sums * unitSteps,
  };
  const backward = ({ inputGradient = true }: BackwardOptions = {}): Op[] => [
    {
      kind: `${kind}.backward`,
      inputs: [
        x,
        y,
        gradientOf(y),
        ...between,
        tensor("kept", [numLayers, directions, batch, tokens, cell.kept * hiddenSize]),
      ],
      weights: readAgain(weights.filter((w) => !w.name!.startsWith("bias"))),
      outputs: [
        ...(inputGradient ? [gradientOf(x)] : []),
        ...weights.filter((w) => w.stored !== false).map((w) => gradientOf(w, p.dtype)),
      ],
      macs: 2 * macs - (inputGradient ? 0 : inputMacs),
      extras: { ...(bias ? { bias: 2 * cell.gates * unitSteps } : {}), elementwise: cell.backward * unitSteps },
      transcendentals: cell.backwardTranscendentals * unitSteps,
      attributes,
    },
  ];
  return {
    kind,
    inputs: [x, ...states("0"), ...between],
    weights,
    outputs: [y, ...states("n"), ...between],
    macs,
    extras,
    transcendentals: cell.transcendentals * unitSteps,
    attributes,
    backward,
  };
}
