// A decoder's configuration checked and filled in, and what follows from it: which layer has a window or experts, what
// is cached, how projections are stored.
import { divides, knownKeys, nonNegativeIntegers, positiveIntegers, record, shown } from "../check.js";
import type { PrecisionOptions } from "../ops/index.js";
import { checkCompressed } from "./compressedConfig.js";
import type { DecoderConfig, DecoderIndexer, DecoderMla, DecoderMoe } from "./decoderConfig.js";
import { altUpKeys, configKeys, indexerKeys, layerKeys, mlaKeys, moeKeys } from "./decoderKeys.js";

type Defaulted =
  | "numKeyValueHeads"
  | "headDim"
  | "vHeadDim"
  | "gated"
  | "hiddenAct"
  | "norm"
  | "norms"
  | "rotaryDim"
  | "tieWordEmbeddings"
  | "finalNorm";

/** A configuration with its defaults filled in. */
export type FullConfig = DecoderConfig & Required<Pick<DecoderConfig, Defaulted>>;

/** The deepest model that is written out layer by layer; the deepest published one has 126. */
export const maxLayers = 1000;

/** `config` with its defaults. Throws on unknown keys, on sizes that are no positive integers, and on uneven heads. */
export function withDefaults(who: string, config: DecoderConfig): FullConfig {
  checkSizes(who, config);
  const {
    hiddenSize,
    numAttentionHeads,
    numKeyValueHeads = numAttentionHeads,
    headDim = hiddenSize / numAttentionHeads,
    vHeadDim = headDim,
    rotaryDim = config.learnedPositions ? 0 : headDim,
    gated = true,
    norm = "rms",
    norms = config.parallelResidual ? 1 : 2,
    hiddenAct = "silu",
    tieWordEmbeddings = false,
    finalNorm = true,
  } = config;
  if (config.headDim === undefined) divides(who, "numAttentionHeads", numAttentionHeads, "hiddenSize", hiddenSize);
  divides(who, "numKeyValueHeads", numKeyValueHeads, "numAttentionHeads", numAttentionHeads);
  nonNegativeIntegers(who, { rotaryDim });
  if (rotaryDim > headDim)
    throw new RangeError(`${who}: rotaryDim must be at most headDim ${headDim}, got ${shown(rotaryDim)}`);
  checkLayers(who, config);
  return {
    ...config,
    numKeyValueHeads,
    headDim,
    vHeadDim,
    rotaryDim,
    gated,
    norm,
    norms,
    hiddenAct,
    tieWordEmbeddings,
    finalNorm,
  };
}

function checkSizes(who: string, config: DecoderConfig): void {
  record(who, "config", config);
  knownKeys(who, config, Object.keys(configKeys));
  const { vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, intermediateSize, moe, mla } = config;
  positiveIntegers(who, { vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, intermediateSize });
  if (numHiddenLayers > maxLayers)
    throw new RangeError(`${who}: numHiddenLayers must be at most ${maxLayers}, got ${numHiddenLayers}`);
  const { numKeyValueHeads, headDim, vHeadDim, slidingWindow, maxPositionEmbeddings } = config;
  const { wordEmbedProjDim, numLabels, numMtpLayers = 0 } = config;
  positiveIntegers(who, given({ numKeyValueHeads, headDim, vHeadDim, slidingWindow, wordEmbedProjDim, numLabels }));
  nonNegativeIntegers(who, { numMtpLayers });
  positiveIntegers(who, config.learnedPositions ? { maxPositionEmbeddings } : given({ maxPositionEmbeddings }));
  const { hiddenSizePerLayerInput, vocabSizePerLayerInput, numKvSharedLayers = 0, altup } = config;
  positiveIntegers(who, given({ hiddenSizePerLayerInput, vocabSizePerLayerInput }));
  nonNegativeIntegers(who, { numKvSharedLayers });
  if (altup) {
    record(who, "altup", altup);
    knownKeys(`${who}: altup`, altup, Object.keys(altUpKeys));
    positiveIntegers(who, within("altup", { numInputs: altup.numInputs, laurelRank: altup.laurelRank }));
  }
  if (moe) checkExperts(who, moe);
  if (mla) {
    record(who, "mla", mla);
    knownKeys(`${who}: mla`, mla, Object.keys(mlaKeys));
    const { qLoraRank, ...sizes } = mla;
    positiveIntegers(who, within("mla", { ...sizes, ...given({ qLoraRank }) }));
  }
  if (config.compressed) checkCompressed(who, config);
  if (config.indexer) checkIndexer(who, config.indexer, mla);
}

function checkIndexer(who: string, indexer: DecoderIndexer, mla: DecoderMla | undefined): void {
  record(who, "indexer", indexer);
  knownKeys(`${who}: indexer`, indexer, Object.keys(indexerKeys));
  const { indexTopk, indexNHeads, indexHeadDim, sharedLayers } = indexer;
  positiveIntegers(who, within("indexer", { indexTopk, indexNHeads, indexHeadDim }));
  if (mla?.qLoraRank === undefined)
    throw new RangeError(`${who}: indexer must stand beside mla.qLoraRank, whose queries it reads, got none`);
  if (indexHeadDim < mla.qkRopeHeadDim)
    throw new RangeError(
      `${who}: indexer.indexHeadDim must be at least mla.qkRopeHeadDim ${mla.qkRopeHeadDim}, got ${indexHeadDim}`,
    );
  if (sharedLayers?.includes(0) === true)
    throw new RangeError(`${who}: indexer.sharedLayers must leave out layer 0, which has none before it, got it`);
}

/** Each kind of layer must be a layer of a decoder by itself. */
function checkLayers(who: string, { layers, ...config }: DecoderConfig): void {
  if (layers === undefined) return;
  if (!Array.isArray(layers))
    throw new TypeError(`${who}: layers must be a list of what each layer has of its own, got ${shown(layers)}`);
  if (layers.length !== config.numHiddenLayers)
    throw new RangeError(`${who}: layers must be numHiddenLayers ${config.numHiddenLayers}, got ${layers.length}`);
  const kinds = new Map(layers.map((layer) => [JSON.stringify(layer), layer]));
  for (const layer of kinds.values()) {
    record(`${who}: layers`, "each", layer);
    knownKeys(`${who}: layers`, layer, Object.keys(layerKeys));
    const { attention, feedForward, ...sizes } = layer;
    const { norms = 2, parallelResidual = false } = config;
    if ((attention !== undefined || feedForward !== undefined) && (norms !== 2 || parallelResidual))
      throw new RangeError(
        `${who}: norms must be 2 where a layer has no attention or feed-forward, got ${shown(norms)}`,
      );
    withDefaults(who, { ...config, ...sizes });
  }
}

function checkExperts(who: string, moe: DecoderMoe): void {
  record(who, "moe", moe);
  knownKeys(`${who}: moe`, moe, Object.keys(moeKeys));
  const { numExperts, numExpertsPerTok, moeIntermediateSize, numSharedExperts = 0, latentSize } = moe;
  positiveIntegers(who, within("moe", { numExperts, numExpertsPerTok, moeIntermediateSize, ...given({ latentSize }) }));
  nonNegativeIntegers(who, within("moe", { numSharedExperts }));
}

const given = (sizes: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(sizes).filter(([, n]) => n !== undefined));
const within = (outer: string, sizes: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(sizes).map(([name, n]) => [`${outer}.${name}`, n]));

/** The window of layer `i`, undefined where it sees the whole context. */
export const windowOf = ({ slidingWindow, fullAttentionLayers }: DecoderConfig, i: number): number | undefined =>
  slidingWindow === undefined || fullAttentionLayers?.includes(i) ? undefined : slidingWindow;

/** Whether layer `i` has routed experts. */
export const isSparse = ({ moe }: DecoderConfig, i: number): boolean =>
  moe !== undefined && !moe.denseLayers?.includes(i);

/** Whether layer `i` chooses the positions that it reads by an indexer of its own. */
export const hasIndexer = ({ indexer }: DecoderConfig, i: number): boolean =>
  indexer !== undefined && !indexer.sharedLayers?.includes(i);

/** The configuration of layer `i` with what it has of its own. */
export function layerConfig(config: FullConfig, i: number): FullConfig {
  const own = config.layers?.[i];
  if (own === undefined) return config;
  const { headDim = config.headDim } = own;
  // Values as wide as keys, and a head that is rotated as a whole, are so at any width.
  const vHeadDim = config.vHeadDim === config.headDim ? headDim : config.vHeadDim;
  const rotaryDim = config.rotaryDim === config.headDim ? headDim : config.rotaryDim;
  return { ...config, vHeadDim, rotaryDim, ...own };
}

/** The layer whose keys and values layer `i` reads: itself, or the last unshared one that sees as much. */
export function keysOf(config: DecoderConfig, i: number): number {
  const unshared = config.numHiddenLayers - (config.numKvSharedLayers ?? 0);
  if (i < unshared) return i;
  for (let j = unshared - 1; j >= 0; j--) if (windowOf(config, j) === windowOf(config, i)) return j;
  const must = `must leave a layer that sees as much as layer ${i}`;
  throw new RangeError(`decoder: numKvSharedLayers ${must}, got ${shown(config.numKvSharedLayers)}`);
}

/**
 * Elements that layer `i` (default the first) caches for a position: keys and values of its key/value heads, or the
 * latent and the shared rotary key, or the one key that is the value too; none without attention, and none where it
 * reads another layer's.
 */
export const cachedElements = (config: DecoderConfig, i = 0): number =>
  cachedIn(withDefaults("cachedElements", config), i);

/** The same of a configuration with its defaults. */
export function cachedIn(config: FullConfig, i: number): number {
  if (config.layers?.[i]?.attention !== undefined || keysOf(config, i) !== i) return 0;
  const { numKeyValueHeads, headDim, vHeadDim, mla, compressed } = layerConfig(config, i);
  if (compressed) return headDim;
  return mla ? mla.kvLoraRank + mla.qkRopeHeadDim : numKeyValueHeads * (headDim + vHeadDim);
}

/** Every `n`-th layer of `layers`, counted from the first: [n - 1, 2n - 1, …]. */
export const everyNth = (n: number, layers: number): number[] =>
  Array.from({ length: Math.floor(layers / n) }, (_, i) => (i + 1) * n - 1);

/** How a decoder's tensors are stored before its quantization is applied (stored.ts). */
export interface DecoderPrecision {
  /** The projections and experts. */
  readonly quantized: PrecisionOptions;
  /** Embedding, output layer, router, norms. */
  readonly unquantized: PrecisionOptions;
}

/** What the caller asks for wins over what the configuration stores. */
export function precisions(config: DecoderConfig, asked: PrecisionOptions): DecoderPrecision {
  const unquantized = { ...asked, dtype: asked.dtype ?? config.dtype ?? "bf16" };
  return { quantized: unquantized, unquantized };
}
