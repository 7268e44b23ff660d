// What tells one decoder-only language model from another: sizes and switches, in Hugging Face's words. Figures of
// named models are in decoderLlama.ts and its neighbours.
import type { ActivationKind } from "../ops/index.js";
import type { DecoderCompressed } from "./compressedConfig.js";
import type { Quantization } from "./quantization.js";

/** Routed experts in place of the dense feed-forward. */
export interface DecoderMoe {
  /** Routed experts of a layer. */
  numExperts: number;
  /** Routed experts that see a token. */
  numExpertsPerTok: number;
  /** Width of one routed expert's feed-forward. */
  moeIntermediateSize: number;
  /** Experts that see every token; default 0. */
  numSharedExperts?: number;
  /** Width of one shared expert's feed-forward; default `moeIntermediateSize`. */
  sharedExpertIntermediateSize?: number;
  /**
   * Whether the router has a correction bias: a buffer, as in DeepSeek-V3 (bytes, no parameters), or parameters that
   * are not trained (Ernie 4.5); default false.
   */
  routerBias?: boolean | "parameter";
  /** Whether a sigmoid gate scales the shared expert (Qwen2-MoE); default false. */
  sharedExpertGate?: boolean;
  /** Which experts have biases where the feed-forward has: "shared", those that see every token; default all. */
  expertBias?: "shared";
  /** Width of the routed experts' input and output, with a matrix on either side (Nemotron-3); default the stream's. */
  latentSize?: number;
  /** Layers that keep the dense feed-forward, counted from 0; default none. */
  denseLayers?: readonly number[];
  /** Whether the experts stand beside the dense feed-forward, with norms of their own (Gemma 4); default false. */
  besideDense?: boolean;
}

/** Multi-head latent attention. */
export interface DecoderMla {
  /** Rank of the compressed query; default: the query is not compressed. */
  qLoraRank?: number;
  /** Rank of the compressed keys and values, which are cached. */
  kvLoraRank: number;
  /** Width of a head's key that is not rotated. */
  qkNopeHeadDim: number;
  /** Width of the rotated key that all heads share. */
  qkRopeHeadDim: number;
  /** Width of a head's value. */
  vHeadDim: number;
}

/** Small heads that choose the positions that each query reads (DeepSeek-V3.2, GLM-5); beside latent attention. */
export interface DecoderIndexer {
  /** Positions that are chosen for each query. */
  indexTopk: number;
  /** Heads that score positions. */
  indexNHeads: number;
  /** Width of such a head, and of the key that is cached for it. */
  indexHeadDim: number;
  /** Layers without an indexer, which read what the layer before read, counted from 0 (GLM-5.2); default none. */
  sharedLayers?: readonly number[];
}

/** What one layer has in place of the decoder's own sizes and switches. */
export interface DecoderLayerConfig {
  /** Query heads. */
  numAttentionHeads?: number;
  /** Key/value heads. */
  numKeyValueHeads?: number;
  /** Width of a head's query and key. */
  headDim?: number;
  /** Width of a head's value. */
  vHeadDim?: number;
  /** Rotated part of a head. */
  rotaryDim?: number;
  /** Width of the dense feed-forward. */
  intermediateSize?: number;
  /** Whether the keys, before their norm, are the values too. */
  keysAsValues?: boolean;
  /** Whether each head has a learned score that takes part in its softmax. */
  attentionSinks?: boolean;
  /** In place of attention, a matrix ("linear"), or nothing, not even its norm ("none"); default attention. */
  attention?: "linear" | "none";
  /** The same of the feed-forward; default a feed-forward. */
  feedForward?: "linear" | "none";
}

/** Streams of which a layer computes one and predicts the others (AltUp), and a low-rank path beside attention. */
export interface DecoderAltUp {
  /** Streams, the computed one included. */
  numInputs: number;
  /** Rank of the path beside attention (Laurel). */
  laurelRank: number;
}

/** Sizes and switches of a decoder; what a switch leaves out is Llama's way. */
export interface DecoderConfig {
  /** Rows of the embedding and of the output layer. */
  vocabSize: number;
  /** Width of the residual stream. */
  hiddenSize: number;
  /** Layers. */
  numHiddenLayers: number;
  /** Query heads of a layer. */
  numAttentionHeads: number;
  /** Key/value heads of a layer; default `numAttentionHeads`. */
  numKeyValueHeads?: number;
  /** Width of a head; default `hiddenSize` / `numAttentionHeads`. */
  headDim?: number;
  /** Width of a head's value; default `headDim`. */
  vHeadDim?: number;
  /** Width of the dense feed-forward. */
  intermediateSize: number;
  /** Three matrices in the feed-forward (SwiGLU, GeGLU), else two; default true. */
  gated?: boolean;
  /** Query, key and value in one matrix, and gate and up in one; "mlp": only gate and up (GLM); default false. */
  fusedProjections?: boolean | "mlp";
  /** Activation of the feed-forward; default "silu". */
  hiddenAct?: ActivationKind;
  /** Attention and feed-forward side by side, both added to the stream at once; default false. */
  parallelResidual?: boolean;
  /** Kind of every norm; default "rms". */
  norm?: "rms" | "layer";
  /** Whether layer norms have a bias; default `normAffine`. */
  normBias?: boolean;
  /** Whether norms have learned scales; default true. */
  normAffine?: boolean;
  /**
   * Norms of a layer: 2 before attention and feed-forward (default), 4 also behind each (Gemma 2), 1 for both (default
   * when parallel), "after" only behind each (OLMo 2), "post" behind each one's sum with the stream (OPT-350M).
   */
  norms?: 1 | 2 | 4 | "after" | "post";
  /** Whether a norm stands before the output layer; default true. */
  finalNorm?: boolean;
  /**
   * Norm of queries and keys: of head width, shared by the heads (Qwen3), or over all heads (OLMo 2); without scales
   * ("plain", Llama 4); a layer norm shared by the heads ("layer", Persimmon) or with scales of each ("perHead",
   * Cohere).
   */
  queryKeyNorm?: "head" | "all" | "plain" | "layer" | "perHead";
  /** Whether values have a norm without scales (Gemma 4), beside a `queryKeyNorm`; default false. */
  valueNorm?: boolean;
  /** Whether values are the projected keys, with a `valueNorm` of their own (Gemma 4); default false. */
  keysAsValues?: boolean;
  /** Whether each layer attends to a source beside its text, of `sourceTokens` positions as wide; default false. */
  addCrossAttention?: boolean;
  /** Last layers that read keys and values of the last layer before them that sees as much; default 0. */
  numKvSharedLayers?: number;
  /**
   * Whether a norm stands before attention's output projection and before the feed-forward's (BitNet); default false.
   */
  subNorms?: boolean;
  /** Whether each head has a learned score that takes part in its softmax (gpt-oss); default false. */
  attentionSinks?: boolean;
  /** Gates of attention's output, made from its input: one for a head, or one for an element; default none. */
  attentionGate?: "heads" | "elements";
  /** Whether values are multiplied by a constant (MiMo-V2); default false. */
  valueScale?: boolean;
  /** Whether query, key and value projections have a bias; default false. */
  qkvBias?: boolean;
  /** Whether attention's output projection has a bias; default false. */
  outBias?: boolean;
  /** Whether the feed-forward's matrices have a bias; default false. */
  mlpBias?: boolean;
  /** Whether the output layer has a bias; default false. */
  headBias?: boolean;
  /** Whether there is an output layer; default true. */
  head?: boolean;
  /** Classes that each position is scored for, by a matrix in the place of the output layer; default none. */
  numLabels?: number;
  /** Whether that matrix has a bias; default false. */
  labelBias?: boolean;
  /** Whether a square matrix with a bias and a ReLU stand before it (Qwen's reward models); default false. */
  labelHidden?: boolean;
  /** Whether the output layer uses the embedding's parameters; default false. */
  tieWordEmbeddings?: boolean;
  /** Rotated part of a head, 0 for none; default the whole head, or 0 with learned positions. */
  rotaryDim?: number;
  /** Layers in which no part of a head is rotated, counted from 0 (SmolLM3); default none. */
  noRopeLayers?: readonly number[];
  /** Whether each position sees those before it alone; default true. */
  causal?: boolean;
  /** Whether positions are a learned table, of `maxPositionEmbeddings` rows; default false. */
  learnedPositions?: boolean;
  /** Rows of the learned position table; without one it changes nothing. */
  maxPositionEmbeddings?: number;
  /** Rows of the position table that stand before the first position (OPT: 2); default 0. */
  positionOffset?: number;
  /** Width of the embedding where it is not `hiddenSize`, with a projection at both ends (OPT-350M). */
  wordEmbedProjDim?: number;
  /** Whether the embedding is multiplied by a constant (Gemma); default false. */
  embeddingScale?: boolean;
  /** Whether what each half of a layer adds to the stream is multiplied by a constant (Granite); default false. */
  residualScale?: boolean;
  /** Whether logits are multiplied by a constant (Cohere); default false. */
  logitScale?: boolean;
  /** Whether a norm follows the embedding; default false. */
  embeddingNorm?: boolean;
  /** Positions in sight of each; default all. */
  slidingWindow?: number;
  /** Layers that see all positions in spite of the window, counted from 0; default none. */
  fullAttentionLayers?: readonly number[];
  /** Whether attention's scores are soft-capped; default false. */
  attnLogitSoftcapping?: boolean;
  /** Whether logits are soft-capped; default false. */
  finalLogitSoftcapping?: boolean;
  /** Width of an embedding of each token for each layer, which is added behind its feed-forward; default none. */
  hiddenSizePerLayerInput?: number;
  /** Rows of that embedding; default `vocabSize`. */
  vocabSizePerLayerInput?: number;
  /** Whether a layer's result is multiplied by a stored number, which is no parameter (Gemma 4); default false. */
  layerScalar?: boolean;
  /** Layers whose gate keeps what exceeds a threshold, of its mean and deviation (Gemma 3n); default none. */
  thresholdLayers?: readonly number[];
  /** Several streams of which a layer computes one (Gemma 3n); default one stream. */
  altup?: DecoderAltUp;
  /** Routed experts; default none. */
  moe?: DecoderMoe;
  /** Latent attention; default grouped heads. */
  mla?: DecoderMla;
  /** DeepSeek-V4's attention and residual streams; default grouped heads and one stream. */
  compressed?: DecoderCompressed;
  /** What chooses the positions that attention reads; default all in sight. */
  indexer?: DecoderIndexer;
  /** What each layer has of its own, one record a layer; default nothing. */
  layers?: readonly DecoderLayerConfig[];
  /** Layers that predict tokens further ahead: kept, and not run (MiMo); default 0. */
  numMtpLayers?: number;
  /** How the checkpoint's projections are stored; default as everything else. */
  quantization?: Quantization;
  /** Format of the checkpoint; default bf16. */
  dtype?: string;
}
