// What training adds to a forward pass: gradients by each op's backward, an optimizer's state and step, and the
// activations that must be kept.
import { lookUp, positiveIntegers, shown } from "../check.js";
import { bytesOf, parseDType, type DType } from "../dtype.js";
import { elementCount, movedBytes, storedBytes, type Op, type TensorSpec } from "../op.js";
import { backward } from "./backward.js";
import { isGradient } from "./gradient.js";
import { booleans, merged } from "./shape.js";

/** Which optimizer, and how its state is stored. */
export interface OptimizerOptions {
  /** The rule of the step (default adamw). */
  optimizer?: "adamw" | "adam" | "momentum" | "sgd";
  /** Format of the moments (default fp32). */
  stateDtype?: DType | string;
  /** Format of the copy of the weights that is updated when they themselves are kept in fewer bits (default none). */
  masterDtype?: DType | string;
}
/** One step of an optimizer. */
export interface OptimizerStepOptions extends OptimizerOptions {
  /** Format of the weights (default fp32). */
  dtype?: DType | string;
  /** Format of the gradients (default `dtype`). */
  gradientDtype?: DType | string;
}

// FLOPs and square roots per parameter. AdamW: m 3, v 4, step √v + ε, divide, scale, subtract 5, decay 2; Adam
// without the decay. Bias corrections are folded into the rate.
const optimizers: Readonly<Record<string, { moments: readonly string[]; flops: number; transcendentals: number }>> = {
  adamw: { moments: ["firstMoment", "secondMoment"], flops: 14, transcendentals: 1 },
  adam: { moments: ["firstMoment", "secondMoment"], flops: 12, transcendentals: 1 },
  momentum: { moments: ["momentum"], flops: 4, transcendentals: 0 },
  sgd: { moments: [], flops: 2, transcendentals: 0 },
};

/**
 * Bytes that an optimizer keeps for `params` parameters: `{bytes, parts}`; AdamW two moments, momentum one, SGD none,
 * each and the master weights at their dtype. Weights and gradients themselves are not in it. AdamW in fp32 with fp32
 * master weights: 12 bytes a parameter. (arXiv 1910.02054, section 3.1)
 */
export function optimizerState(
  params: number,
  { optimizer = "adamw", stateDtype = "fp32", masterDtype }: OptimizerOptions = {},
): { bytes: number; parts: Record<string, number> } {
  positiveIntegers("optimizerState", { params });
  const { moments } = lookUp("optimizerState", "optimizer", optimizers, optimizer);
  const parts: Record<string, number> = {};
  for (const name of moments) parts[name] = bytesOf(params, parseDType("optimizerState", stateDtype));
  if (masterDtype !== undefined) parts["masterWeights"] = bytesOf(params, parseDType("optimizerState", masterDtype));
  return { bytes: Object.values(parts).reduce((n, b) => n + b, 0), parts };
}

/**
 * One optimizer step over `params` parameters as an op: reads gradients, state and weights, writes state and weights.
 * AdamW 14 FLOPs a parameter, Adam 12, momentum 4, SGD 2.
 */
export function optimizerStep(
  params: number,
  {
    optimizer = "adamw",
    stateDtype = "fp32",
    masterDtype,
    dtype = "fp32",
    gradientDtype = dtype,
  }: OptimizerStepOptions = {},
): Op {
  positiveIntegers("optimizerStep", { params });
  const { moments, flops, transcendentals } = lookUp("optimizerStep", "optimizer", optimizers, optimizer);
  const tensor = (name: string, of: DType | string): TensorSpec => ({
    name,
    shape: [params],
    dtype: parseDType("optimizerStep", of),
  });
  const state = moments.map((name) => tensor(name, stateDtype));
  const weight = tensor("weight", dtype);
  const updated = masterDtype === undefined ? [weight] : [tensor("masterWeight", masterDtype)];
  return {
    kind: "optimizer",
    inputs: [tensor("gradient", gradientDtype), ...state, ...updated],
    weights: [],
    outputs: [...state, ...updated, ...(masterDtype === undefined ? [] : [weight])],
    macs: 0,
    extras: { optimizer: flops * params },
    transcendentals: transcendentals * params,
    attributes: { params, optimizer },
  };
}

/**
 * Tensors of `op`'s forward pass that its backward pass reads: what must be kept, or computed again. Weights are not
 * among them.
 */
export function savedActivations(op: Op): TensorSpec[] {
  const saved = new Map<string, TensorSpec>();
  for (const { inputs } of backward(op))
    for (const t of inputs) if (!isGradient(t)) saved.set(`${t.name} ${t.shape.join()}`, t);
  return [...saved.values()];
}

/** One op, or a list of ops that read the same input (the three projections of attention). */
export type Step = Op | readonly Op[];

/**
 * Activation bytes at the end of a forward pass, for `blocks` that each run their steps in order.
 * An input that the step before kept as its output is kept once; of steps that share an input, too. Skip connections
 * need nothing. `recompute`: only each block's input is kept, and the largest block is computed again: Σ inputs + max
 * block, for one forward pass more. (arXiv 1604.06174, 2205.05198)
 */
export function activationBytes(blocks: readonly (readonly Step[])[], options: { recompute?: boolean } = {}): number {
  const { recompute = false } = merged("activationBytes", options);
  booleans("activationBytes", { recompute });
  if (!Array.isArray(blocks) || !blocks.every(Array.isArray))
    throw new TypeError(`activationBytes: blocks must be lists of ops, got ${shown(blocks)}`);
  const kept = blocks.map(blockBytes);
  if (!recompute) return kept.reduce((n, b) => n + b, 0);
  return (
    blocks.reduce((n, block) => n + (block[0] ? storedBytes(opsOf(block[0])[0]!.inputs[0]!) : 0), 0) +
    Math.max(0, ...kept)
  );
}

const opsOf = (step: Step): readonly Op[] => (Array.isArray(step) ? (step as readonly Op[]) : [step as Op]);

function blockBytes(block: readonly Step[]): number {
  let bytes = 0;
  let before: TensorSpec | undefined;
  for (const step of block) {
    const ops = opsOf(step);
    let shared = before;
    for (const op of ops)
      for (const t of savedActivations(op)) {
        const isInput = t === op.inputs[0];
        if (isInput && shared && elementCount(shared.shape) === elementCount(t.shape)) continue;
        if (isInput && ops.length > 1) shared = t;
        bytes += movedBytes(t);
      }
    const last = ops[ops.length - 1]!;
    before = ops.length === 1 && savedActivations(last).includes(last.outputs[0]!) ? last.outputs[0] : undefined;
  }
  return bytes;
}
