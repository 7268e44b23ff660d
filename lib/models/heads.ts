// What stands behind a stack: poolers, classifiers, vocabularies, as lists of steps. Which class has which is known to
// the families.
import type { ActivationKind } from "../ops/index.js";
import { view, type Activation, type Layers } from "./layers.js";
import { norm, type NormKind } from "./stack.js";

/** One vector a sample goes on: its first position, a mean, or two beside each other. */
export interface FirstStep {
  /** Which step. */
  readonly step: "first";
  /** Width of the vector; default the stream's. */
  readonly size?: number;
}
/** A matrix, and what follows it. */
export interface DenseStep {
  /** Which step. */
  readonly step: "dense";
  /** Its place. */
  readonly path: string;
  /** Values of its result; default as many as it reads. */
  readonly size?: number;
  /** Whether there is a bias; default true. */
  readonly bias?: boolean;
  /** Activation behind it; default none. */
  readonly act?: ActivationKind;
  /** The path whose matrix it uses again; a bias is then its own. */
  readonly sharedWeights?: string;
}
/** A norm. */
export interface NormStep {
  /** Which step. */
  readonly step: "norm";
  /** Its place. */
  readonly path: string;
  /** Which norm; default "layer". */
  readonly norm?: NormKind;
}
/** One step of a head. */
export type HeadStep = FirstStep | DenseStep | NormStep;

/** A head: its steps in order. A class may have several, each on what the stack made. */
export type Head = readonly HeadStep[];

/** Writes each of `heads` on x [batch, tokens, width], below the path `at`; the last one's result, or x. */
export function writeHeads(net: Layers, x: Activation, heads: readonly Head[], at = ""): Activation {
  let last = x;
  for (const head of heads) last = head.reduce((y, step) => stepped(net, y, step, at), x);
  return last;
}

function stepped(net: Layers, x: Activation, step: HeadStep, at: string): Activation {
  if (step.step === "first") return view(x, [x.shape[0]!, step.size ?? x.shape.at(-1)!]);
  const path = `${at}${step.path}`;
  if (step.step === "norm") return norm(net, path, x, step.norm);
  const { size = x.shape.at(-1)!, bias = true, act, sharedWeights } = step;
  let y: Activation;
  if (sharedWeights === undefined) y = net.linear(path, x, size, { bias });
  else {
    y = net.linear(path, x, size, { bias: false, sharedWeights });
    if (bias) y = net.addParameter(`${path}_bias`, y, [size]);
  }
  return act === undefined ? y : net.activate(`${path}_act`, y, act);
}

const first = { step: "first" } as const;
/** The pooler of BERT and its like: the first position, a square matrix, a tanh. */
export const pooler: Head = [first, { step: "dense", path: "pooler/dense", act: "tanh" }];
/** A matrix to `size` values, for every position. */
export const perToken = (path: string, size: number): Head => [{ step: "dense", path, size }];
/** The first position through a square matrix to `size` values. */
export const firstToken = (path: string, size: number, act: ActivationKind, out = "out_proj"): Head => [
  first,
  { step: "dense", path: `${path}/dense`, act },
  { step: "dense", path: `${path}/${out}`, size },
];
