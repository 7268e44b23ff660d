// A decoder small enough to count by hand.
import type { DecoderConfig } from "../../lib/index.js";

export const small: DecoderConfig = {
  vocabSize: 11,
  hiddenSize: 8,
  numHiddenLayers: 2,
  numAttentionHeads: 4,
  numKeyValueHeads: 2,
  headDim: 2,
  intermediateSize: 6,
};
