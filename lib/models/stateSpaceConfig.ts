// What tells one state-space or hybrid decoder from another: a decoder's sizes, the layers one by one, and the sizes of
// the mixers that stand in them. Which family has which figures is known elsewhere.
import type { DecoderConfig } from "./decoderConfig.js";

/** Mamba: a selective scan behind a short convolution. */
export interface MambaMixer {
  /** Channels of the scan. */
  intermediateSize: number;
  /** Numbers in a channel's state. */
  stateSize: number;
  /** Positions that the convolution sees. */
  convKernel: number;
  /** Rank of the projection that makes the steps. */
  timeStepRank: number;
  /** Whether the projections in and out have a bias; default false. */
  useBias?: boolean;
  /** Whether the convolution has a bias; default true. */
  useConvBias?: boolean;
  /** Norms of the steps, B and C: without scales (Falcon Mamba) or with (Jamba); default none. */
  innerNorms?: "plain" | "scaled";
}

/** Mamba-2: SSD behind a short convolution. */
export interface Mamba2Mixer {
  /** Heads, each with its own decay. */
  numHeads: number;
  /** Width of a head. */
  headDim: number;
  /** Numbers in the state of each element of a head. */
  stateSize: number;
  /** Groups of heads that share B and C, and of the norm's statistics. */
  nGroups: number;
  /** Positions that the convolution sees. */
  convKernel: number;
  /** Positions of a chunk. */
  chunkSize: number;
  /** Whether the projection in has a bias; default false. */
  useBias?: boolean;
  /** Whether the projection out has a bias; default `useBias`. */
  outBias?: boolean;
  /** Whether the convolution has a bias; default true. */
  useConvBias?: boolean;
  /** Whether a norm stands before the projection out; default true. */
  norm?: boolean;
}

/** LFM2's gated short convolution. */
interface ShortConvMixer {
  /** Positions that the convolution sees. */
  convKernel: number;
  /** Whether projections and convolution have a bias; default false. */
  bias?: boolean;
}

/** Gated DeltaNet (Qwen3-Next). */
interface GatedDeltaNetMixer {
  /** Heads of queries and keys. */
  numKeyHeads: number;
  /** Heads of values. */
  numValueHeads: number;
  /** Width of a query and a key. */
  keyHeadDim: number;
  /** Width of a value. */
  valueHeadDim: number;
  /** Positions that the convolution sees. */
  convKernel: number;
}

/** What a layer does with its positions; "parallel" is attention beside Mamba-2 (Falcon-H1). */
export type MixerKind = "attention" | "mamba" | "mamba2" | "shortConv" | "gatedDeltaNet" | "parallel";

/** One layer: what mixes its positions, if anything, and its feed-forward, if it has one. */
export interface HybridLayer {
  /** Default nothing. */
  mixer?: MixerKind;
  /** Dense, or routed experts; default nothing. */
  feed?: "dense" | "sparse";
}

/** A decoder whose layers mix positions in more than one way, or in none that has keys and values. */
export interface HybridConfig {
  /** Stream, attention, feed-forward, experts, output layer; sizes of what no layer has change nothing. */
  decoder: DecoderConfig;
  /** The layers, in order. */
  layers: readonly HybridLayer[];
  /** Sizes of "mamba" layers. */
  mamba?: MambaMixer;
  /** Sizes of "mamba2" and "parallel" layers. */
  mamba2?: Mamba2Mixer;
  /** Sizes of "shortConv" layers. */
  shortConv?: ShortConvMixer;
  /** Sizes of "gatedDeltaNet" layers. */
  gatedDeltaNet?: GatedDeltaNetMixer;
  /** Whether queries bring a gate of their own width for attention's output (Qwen3-Next); default false. */
  attentionGate?: boolean;
}
