// What a model keeps between calls: keys and values (windows capped, latent caches as they are), and the states of
// recurrent layers.
import { positiveIntegers, record, shown } from "../check.js";
import { bytesOf, parseDType, type DType } from "../dtype.js";
import type { Model } from "../model.js";
import type { DecoderModel } from "../models/decoder.js";
import type { ComposedModel } from "../models/composed.js";
import type { DecoderConfig } from "../models/decoderConfig.js";
import { compressionOf } from "../models/compressedConfig.js";
import { waitingElements } from "../ops/compress.js";
import { cachedIn, hasIndexer, windowOf, withDefaults } from "../models/decoderDefaults.js";
import { keptByOps, type Kept } from "./keptByOps.js";

/**
 * The configuration that a model was made of, or a configuration itself. Throws a TypeError for a model that caches
 * nothing.
 */
export function decoderOf(who: string, modelOrConfig: Model | DecoderConfig): DecoderConfig {
  record(who, "model", modelOrConfig);
  if (!("nodes" in modelOrConfig)) return modelOrConfig;
  const { decoder } = modelOrConfig as Partial<DecoderModel>;
  if (!decoder)
    throw new TypeError(`${who}: model must be a decoder-only language model, got ${shown(modelOrConfig.name)}`);
  return decoder;
}

/** What is cached. */
export interface KvCacheOptions {
  /** Positions of a sequence; default the model's own, else 1. */
  context?: number;
  /** Sequences; default the model's own, else 1. */
  batch?: number;
  /** Format of an entry; default the model's, else bf16. */
  kvDtype?: DType | string;
}
/** Bytes that a model keeps between calls. */
export interface KvCache {
  /** Keys and values of one position in every layer, whether or not it has a window. */
  readonly perToken: number;
  /** Keys and values of one sequence at `context`, windows capped. */
  readonly perSequence: number;
  /** Keys and values of the batch. */
  readonly total: number;
  /** States of the recurrent layers, of the batch: the same at every context, and not part of `total`. */
  readonly state: number;
  /** Format of an entry. */
  readonly dtype: DType;
}

type CachedWorkload = KvCacheOptions & { dtype?: string; sourceTokens?: number };

/**
 * Bytes of the KV cache: Σ layers min(context, slidingWindow) · numKeyValueHeads · (headDim + vHeadDim), or ·
 * (kvLoraRank + qkRopeHeadDim) of a latent cache and · indexHeadDim of a layer's indexer, 0 of a layer that reads
 * another one's, and what is kept of a source, at `kvDtype` (default the model's, else bf16). DeepSeek-V4: one key a
 * position in the window, entries behind it and what waits for one, its indexers' too. Recurrent layers: `state`.
 * Defaults: the model's own batch and context, else 1. Neglects paging and padding. Throws a TypeError for a model
 * without a cache; one with an encoder must be made in phase decode.
 */
export function kvCacheBytes(modelOrConfig: Model | DecoderConfig, options: KvCacheOptions = {}): KvCache {
  record("kvCacheBytes", "model", modelOrConfig);
  if ("text" in modelOrConfig) return kvCacheBytes((modelOrConfig as ComposedModel).text, options);
  const workload = "nodes" in modelOrConfig ? (modelOrConfig.workload as CachedWorkload) : {};
  const { context = workload.context ?? 1, batch = workload.batch ?? 1 } = options;
  positiveIntegers("kvCacheBytes", { context, batch });
  const { perPosition, elements, state, dtype: own } = keptBy(modelOrConfig, context, workload.sourceTokens);
  const { kvDtype = workload.kvDtype ?? workload.dtype ?? own ?? "bf16" } = options;
  const dtype = parseDType("kvCacheBytes", kvDtype);
  const perSequence = bytesOf(elements, dtype);
  return {
    perToken: bytesOf(perPosition, dtype),
    perSequence,
    total: batch * perSequence,
    state: batch * bytesOf(state, dtype),
    dtype,
  };
}

/** What one sequence keeps, by the configuration where there is one, else by the ops. */
function keptBy(modelOrConfig: Model | DecoderConfig, context: number, sourceTokens = 0): Kept {
  const byOps = "nodes" in modelOrConfig && !("decoder" in modelOrConfig);
  if (!byOps) return keptByLayers(decoderOf("kvCacheBytes", modelOrConfig), context, sourceTokens);
  const kept = keptByOps(modelOrConfig, context);
  if (kept !== undefined) return kept;
  const { name, workload } = modelOrConfig;
  const must = "model must be a decoder-only language model, or one that is made in phase decode (--phase decode)";
  throw new TypeError(`kvCacheBytes: ${must}, got ${shown(name)} in phase ${workload.phase ?? "prefill"}`);
}

function keptByLayers(config: DecoderConfig, context: number, sourceTokens: number): Kept {
  const full = withDefaults("kvCacheBytes", config);
  let perPosition = 0;
  let elements = 0;
  const { compressed } = config;
  for (let i = 0; i < config.numHiddenLayers; i++) {
    const cached = cachedIn(full, i) + (hasIndexer(config, i) ? config.indexer!.indexHeadDim : 0);
    const entries = compressed ? entryElements(config, i, context) : { perPosition: 0, total: 0 };
    perPosition += cached + entries.perPosition;
    elements += cached * Math.min(context, windowOf(config, i) ?? context) + entries.total;
  }
  const { addCrossAttention, numHiddenLayers, hiddenSize } = config;
  const ofSource = addCrossAttention ? numHiddenLayers * 2 * hiddenSize * sourceTokens : 0;
  return { perPosition, elements: elements + ofSource, state: 0 };
}

/** What layer `i` keeps beside its window: entries of earlier positions, its indexer's, and what waits for the next. */
function entryElements(config: DecoderConfig, i: number, context: number): { perPosition: number; total: number } {
  const { compressed, headDim } = config;
  const compression = compressionOf(compressed!, compressed!.layerTypes[i]!);
  if (compression === undefined) return { perPosition: 0, total: 0 };
  const { rate, overlap, topk } = compression;
  const widths = topk === undefined ? [headDim!] : [headDim!, compressed!.indexHeadDim];
  const sum = (of: (width: number) => number): number => widths.reduce((n, width) => n + of(width), 0);
  return {
    perPosition: sum((width) => width / rate),
    total: sum((features) => {
      const waiting = waitingElements({ windows: 1, rate, features, overlap }, context);
      return Math.floor(context / rate) * features + waiting;
    }),
  };
}
