// What DeepSeek-V4 has in place of grouped or latent heads, and of a single residual stream: sizes, in Hugging Face's
// words, and their checks.
import { divides, knownKeys, nonNegativeIntegers, positiveIntegers, record, shown } from "../check.js";
import type { DecoderConfig } from "./decoderConfig.js";

/** What a layer sees behind its window: nothing, or entries for each few or many positions, some of them chosen. */
export type CompressedKind = "sliding_attention" | "compressed_sparse_attention" | "heavily_compressed_attention";

/**
 * One key of `headDim` for all heads, which is the value too: those of the last `slidingWindow` positions, and entries
 * that stand for several earlier ones. (DeepSeek-V4)
 */
export interface DecoderCompressed {
  /** Rank of the compressed query. */
  qLoraRank: number;
  /** Groups of heads, each with a matrix of its own before the output projection. */
  oGroups: number;
  /** Width that each group is brought to. */
  oLoraRank: number;
  /** The kind of each layer. */
  layerTypes: readonly CompressedKind[];
  /** Positions that an entry stands for in a layer that chooses among them; each entry is made of twice as many. */
  sparseRate: number;
  /** Positions that an entry stands for in a layer that reads them all. */
  heavyRate: number;
  /** Entries that are chosen for each query. */
  indexTopk: number;
  /** Heads that score entries. */
  indexNHeads: number;
  /** Width of such a head, and of the entry that is cached for it. */
  indexHeadDim: number;
  /** Copies of the residual stream. */
  hcMult: number;
  /** Rounds of normalization of the matrix that mixes them. */
  hcSinkhornIters: number;
  /** Layers whose experts are looked up by the token, counted from 0; default none. */
  hashLayers?: readonly number[];
}

const keys: Readonly<Record<keyof DecoderCompressed, true>> = {
  qLoraRank: true,
  oGroups: true,
  oLoraRank: true,
  layerTypes: true,
  sparseRate: true,
  heavyRate: true,
  indexTopk: true,
  indexNHeads: true,
  indexHeadDim: true,
  hcMult: true,
  hcSinkhornIters: true,
  hashLayers: true,
};
export const compressedKinds: readonly CompressedKind[] = [
  "sliding_attention",
  "compressed_sparse_attention",
  "heavily_compressed_attention",
];

/** Refuses what cannot be built of `config.compressed`. */
export function checkCompressed(who: string, config: DecoderConfig): void {
  const { compressed, numAttentionHeads, headDim, rotaryDim = headDim, numHiddenLayers, slidingWindow, moe } = config;
  record(who, "compressed", compressed);
  knownKeys(`${who}: compressed`, compressed!, Object.keys(keys));
  const { layerTypes, hashLayers, indexHeadDim, hcSinkhornIters, ...sizes } = compressed!;
  const named = Object.entries({ ...sizes, indexHeadDim }).map(([name, n]) => [`compressed.${name}`, n]);
  positiveIntegers(who, { ...Object.fromEntries(named), headDim, slidingWindow });
  nonNegativeIntegers(who, { "compressed.hcSinkhornIters": hcSinkhornIters });
  divides(who, "compressed.oGroups", sizes.oGroups, "numAttentionHeads · headDim", numAttentionHeads * headDim!);
  if (layerTypes.length < numHiddenLayers || layerTypes.some((kind) => !compressedKinds.includes(kind)))
    throw new RangeError(
      `${who}: compressed.layerTypes must be ${numHiddenLayers} of ${compressedKinds.join(", ")}, ` +
        `got ${shown(layerTypes)}`,
    );
  if (rotaryDim! > indexHeadDim)
    throw new RangeError(
      `${who}: compressed.indexHeadDim must be at least rotaryDim ${rotaryDim}, got ${indexHeadDim}`,
    );
  if (hashLayers !== undefined && hashLayers.length > 0 && moe === undefined)
    throw new RangeError(`${who}: compressed.hashLayers must stand beside moe, got no moe`);
}

/** What makes the entries of a layer: positions of each, halves of a projection, and how many are chosen. */
export interface Compression {
  readonly rate: number;
  readonly overlap: boolean;
  readonly topk?: number;
}

/** How a layer of `kind` compresses; undefined: it has a window alone. */
export function compressionOf(compressed: DecoderCompressed, kind: CompressedKind): Compression | undefined {
  if (kind === "sliding_attention") return undefined;
  return kind === "heavily_compressed_attention"
    ? { rate: compressed.heavyRate, overlap: false }
    : { rate: compressed.sparseRate, overlap: true, topk: compressed.indexTopk };
}
