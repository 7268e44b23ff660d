// What a model is run on. One set of options for all families; a family reads those that mean something to it.
import { knownKeys, positiveIntegers, record, shown } from "../check.js";
import type { Model } from "../model.js";
import { precisionKeys, type PrecisionOptions } from "../ops/precision.js";

/** One forward pass, one step from a cache, or a training step. */
export type Phase = "prefill" | "decode" | "train";

/** What a model is run on, and how its tensors are stored. */
export interface ModelOptions extends PrecisionOptions {
  /** Pixels of a side, or [height, width]; default the size that the model was published for. */
  imageSize?: number | readonly [number, number];
  /** Positions along a side of the latent that a denoiser reads, or [height, width]; default its configuration's. */
  latentSize?: number | readonly [number, number];
  /** Samples; default 1. */
  batch?: number;
  /** New positions of a text; default the family's. */
  tokens?: number;
  /** Positions attended to, the new ones included; default `tokens`. */
  context?: number;
  /** Positions that an encoder-decoder's encoder reads; default the family's. */
  sourceTokens?: number;
  /** Images in each sequence of a model of text and images; default 0. Other models have none. */
  images?: number;
  /**
   * "prefill" is one forward pass (default), "decode" continues a text from a cache, "train" adds the backward pass.
   */
  phase?: Phase;
  /**
   * Whether scores never leave the chip. Default so except in training: an unfused backward pass is exactly twice the
   * forward one, a fused one recomputes QKᵀ.
   */
  fusedAttention?: boolean;
}

/** A named model: options in, ops out. */
export type ModelFactory = (options?: ModelOptions) => Model;

const workloadKeys = [
  "imageSize",
  "batch",
  "tokens",
  "context",
  "sourceTokens",
  "latentSize",
  "phase",
  "fusedAttention",
];
const phases: readonly Phase[] = ["prefill", "decode", "train"];

/**
 * `options` taken apart: the precision, and the rest with batch and phase filled in. Throws on unknown keys and on
 * sizes that are no positive integers.
 */
export function workload(who: string, options: ModelOptions = {}) {
  record(who, "options", options);
  knownKeys(who, options, [...workloadKeys, ...precisionKeys]);
  const {
    batch = 1,
    phase = "prefill",
    fusedAttention = phase !== "train",
    imageSize,
    latentSize,
    tokens,
    context,
    sourceTokens,
    ...precision
  } = options;
  positiveIntegers(who, { batch });
  if (!phases.includes(phase))
    throw new RangeError(`${who}: phase must be one of ${phases.join(", ")}, got ${shown(phase)}`);
  for (const [name, n] of Object.entries({ tokens, context, sourceTokens }))
    if (n !== undefined) positiveIntegers(who, { [name]: n });
  return { batch, phase, fusedAttention, imageSize, latentSize, tokens, context, sourceTokens, precision };
}

/** Height and width of the image; `size` is the published one. */
export const imagePair = (who: string, imageSize: ModelOptions["imageSize"], size: number): [number, number] =>
  sidePair(who, "imageSize", imageSize === undefined ? size : imageSize);

/** Height and width of `asked`, which is called `name`. */
export function sidePair(who: string, name: string, asked: ModelOptions["imageSize"]): [number, number] {
  const pair = typeof asked === "number" ? [asked, asked] : asked;
  if (!Array.isArray(pair) || pair.length !== 2)
    throw new TypeError(`${who}: ${name} must be a number or a pair, got ${shown(asked)}`);
  positiveIntegers(who, { [`${name} height`]: pair[0], [`${name} width`]: pair[1] });
  return [pair[0]!, pair[1]!];
}

/** Refuses to decode with a model that has no decoder. */
export function noDecode(who: string, phase: Phase): void {
  if (phase === "decode")
    throw new RangeError(
      `${who}: phase must be prefill or train, as nothing is generated token by token, got "decode"`,
    );
}
