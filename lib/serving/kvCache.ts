// What a decoder's cache of keys and values occupies: windows capped, latent caches as they are.
import { positiveIntegers, record, shown } from "../check.js";
import { bytesOf, parseDType, type DType } from "../dtype.js";
import type { Model } from "../model.js";
import type { DecoderModel } from "../models/decoder.js";
import type { DecoderConfig } from "../models/decoderConfig.js";
import { compressionOf } from "../models/compressedConfig.js";
import { waitingElements } from "../ops/compress.js";
import { cachedIn, hasIndexer, windowOf, withDefaults } from "../models/decoderDefaults.js";

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
/** Bytes of a cache of keys and values. */
export interface KvCache {
  /** Of one position in every layer, whether or not it has a window. */
  readonly perToken: number;
  /** Of one sequence at `context`, windows capped. */
  readonly perSequence: number;
  /** Of the batch. */
  readonly total: number;
  /** Format of an entry. */
  readonly dtype: DType;
}

type CachedWorkload = KvCacheOptions & { dtype?: string; sourceTokens?: number };

/**
 * Bytes of the KV cache: Σ layers min(context, slidingWindow) · numKeyValueHeads · (headDim + vHeadDim), or ·
 * (kvLoraRank + qkRopeHeadDim) of a latent cache and · indexHeadDim of a layer's indexer, 0 of a layer that reads
 * another one's, and what is kept of a source, at `kvDtype` (default the model's, else bf16). DeepSeek-V4: one key a
 * position in the window, entries behind it and what waits for one, its indexers' too. Defaults: the model's own batch
 * and context, else 1. Neglects paging and padding. Throws for a model without a cache.
 */
export function kvCacheBytes(modelOrConfig: Model | DecoderConfig, options: KvCacheOptions = {}): KvCache {
  const config = decoderOf("kvCacheBytes", modelOrConfig);
  const workload = "nodes" in modelOrConfig ? (modelOrConfig.workload as CachedWorkload) : {};
  const {
    context = workload.context ?? 1,
    batch = workload.batch ?? 1,
    kvDtype = workload.kvDtype ?? workload.dtype ?? "bf16",
  } = options;
  positiveIntegers("kvCacheBytes", { context, batch });
  const dtype = parseDType("kvCacheBytes", kvDtype);
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
  const ofSource = addCrossAttention ? numHiddenLayers * 2 * hiddenSize * (workload.sourceTokens ?? 0) : 0;
  const perSequence = bytesOf(elements + ofSource, dtype);
  return {
    perToken: bytesOf(perPosition, dtype),
    perSequence,
    total: batch * perSequence,
    dtype,
  };
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
