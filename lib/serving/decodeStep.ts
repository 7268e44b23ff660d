// One step of a decoder that writes, by a formula short enough for a napkin: what it reads, what it computes, how long
// that takes at least, and whether it fits.
import { knownKeys, positiveIntegers, shown } from "../check.js";
import type { DType } from "../dtype.js";
import { nodeCost, type Model } from "../model.js";
import { decoder } from "../models/decoder.js";
import type { DecoderConfig } from "../models/decoderConfig.js";
import { peakFlops, type Device } from "../roofline.js";
import { decoderOf, kvCacheBytes } from "./kvCache.js";
import { weightBytes } from "./memory.js";
import { speculation, type SpeculationOptions } from "./speculation.js";

/** What is decoded, and on what. */
export interface DecodeStepOptions {
  /** The device. */
  device: Device;
  /** Sequences; default 1. */
  batch?: number;
  /** Positions that each attends to, the new one included; default 1. */
  context?: number;
  /** Format of the arithmetic; default bf16. */
  dtype?: DType | string;
  /** Format of the weights; default that of the arithmetic. */
  weightDtype?: DType | string;
  /** Format of keys and values; default that of the arithmetic. */
  kvDtype?: DType | string;
  /** Heads of keys and values, had the model been trained with so many; default its own. */
  kvHeads?: number;
  /** Tokens that are proposed for each sequence and checked in one step; default none. */
  speculation?: SpeculationOptions;
}

/** A step's bytes and least times. */
export interface DecodeStep {
  /** Sequences. */
  readonly batch: number;
  /** Bytes of keys and values, all of them read. */
  readonly kvBytes: number;
  /** Bytes of weights that are read. */
  readonly weightBytes: number;
  /** Seconds to read the keys and values. */
  readonly kvSeconds: number;
  /** Seconds to read the weights. */
  readonly weightSeconds: number;
  /** Seconds of the arithmetic with weights. */
  readonly computeSeconds: number;
  /** Seconds of a step: kvSeconds + max(weightSeconds, computeSeconds), and what drafting takes. */
  readonly seconds: number;
  /** Seconds from token to token of one sequence: seconds over the tokens of a step. */
  readonly secondsPerToken: number;
  /** Tokens a second of the whole batch. */
  readonly tokensPerSecond: number;
  /** Bytes that must stand in memory: all weights, keys and values. */
  readonly needed: number;
  /** Whether `needed` is at most the device's memory. */
  readonly fits: boolean;
}

const who = "decodeStep";
const known = "device batch context dtype weightDtype kvDtype kvHeads speculation".split(" ");

/**
 * A decode step of `model`, or of a decoder's configuration: KV bytes / bandwidth + max(weight bytes / bandwidth,
 * 2 · batch · P / peak), P being the weights that multiply each token. Attention has an intensity of about its group
 * size at any batch, so that only its bytes count. Neglects activations, launches and what tokensPerSecond has beside
 * these. Throws a RangeError for a device whose memory is not known. (jax-ml/scaling-book, inference)
 */
export function decodeStep(modelOrConfig: Model | DecoderConfig, options: DecodeStepOptions): DecodeStep {
  const { config, name, ...given } = checked(modelOrConfig, options);
  const { device, batch = 1, context = 1, dtype = "bf16", weightDtype, kvDtype, speculation: guessed } = given;
  const run = decoder(config, { phase: "decode", batch, context, dtype, weightDtype, kvDtype }, name);
  const costs = run.nodes.filter(({ op }) => !/attention|embedding/i.test(op.kind)).map(nodeCost);
  const read = costs.reduce((n, c) => n + c.bytesRead - c.inputBytes, 0);
  const macs = costs.reduce((n, c) => n + c.macs, 0);
  const kvBytes = kvCacheBytes(run).total;
  const checkedTokens = guessed === undefined ? 1 : guessed.drafted + 1;
  const kvSeconds = kvBytes / device.bandwidth;
  const weightSeconds = read / device.bandwidth;
  const computeSeconds = (2 * macs * checkedTokens) / peakFlops(device, dtype);
  const step = kvSeconds + Math.max(weightSeconds, computeSeconds);
  const seconds = step * (1 + (guessed?.drafted ?? 0) * (guessed?.draftCost ?? 0));
  const tokens = guessed === undefined ? 1 : speculation(guessed);
  const needed = weightBytes(run) + kvBytes;
  return {
    batch,
    kvBytes,
    weightBytes: read,
    kvSeconds,
    weightSeconds,
    computeSeconds,
    seconds,
    secondsPerToken: seconds / tokens,
    tokensPerSecond: (batch * tokens) / seconds,
    needed,
    fits: needed <= device.memory!,
  };
}

function checked(modelOrConfig: Model | DecoderConfig, options: DecodeStepOptions) {
  const own = decoderOf(who, modelOrConfig);
  knownKeys(who, options, known);
  const { device, batch = 1, context = 1, kvHeads = own.numKeyValueHeads } = options;
  positiveIntegers(who, { batch, context });
  const config = { ...own, numKeyValueHeads: kvHeads };
  if (device?.memory === undefined)
    throw new RangeError(`${who}: device must have a known memory, got ${shown(device?.id)}`);
  return { ...options, config, name: "nodes" in modelOrConfig ? modelOrConfig.name : "decoder" };
}

/** Steps at batches 1, 2, 4, … up to the largest that fits, which is the last; empty where not even one does. */
export function decodeFrontier(
  modelOrConfig: Model | DecoderConfig,
  options: Omit<DecodeStepOptions, "batch">,
): DecodeStep[] {
  const at = (batch: number): DecodeStep => decodeStep(modelOrConfig, { ...options, batch });
  const one = at(1);
  const left = options.device.memory! - one.needed;
  const wall = one.fits ? 1 + (one.kvBytes > 0 ? Math.floor(left / one.kvBytes) : 0) : 0;
  const batches = Array.from({ length: Math.ceil(Math.log2(wall || 1)) }, (_, i) => 2 ** i);
  return wall === 0 ? [] : [...batches, wall].map(at);
}
