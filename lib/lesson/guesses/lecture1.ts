// Guesses of lecture 1.
import type { Guess } from "../guess.js";

export const lecture1 = {
  "largest-layer": {
    question:
      "A linear layer 768 → 3072 for one token, and a 3 × 3 convolution 64 → 128 on a picture of 224 × 224: " +
      "how many times the linear layer's FLOPs does the convolution do?",
    unit: "times",
    tolerance: 0.3,
    because: () => "the convolution applies its small matrix at each of 222 × 222 positions, the linear layer at one",
  },
  "strided-windows": {
    question:
      "A 3 × 3 window moves over 6 × 6 elements, padded by 1. At stride 1 it has 36 places. " +
      "How many has it at stride 2?",
    unit: "places",
    tolerance: 0.01,
    because: () => "the stride leaves out every second row of places and every second column: 3 × 3 are left",
  },
  "depthwise-bytes": {
    question:
      "A depthwise 3 × 3 convolution on 128 channels of 56 × 56 does 1/128 of the multiply-adds of the dense one. " +
      "How many per cent of the dense one's bytes does it move?",
    unit: "%",
    because: () =>
      "both read the whole input and write the whole output; only the filters are fewer, and they were a small part",
  },
  "causal-saving": {
    question:
      "By how many per cent does a causal mask cut the multiply-adds of self-attention over 512 tokens of width 768, " +
      "its four projections included?",
    unit: "%",
    because: () => "the mask takes away half of the core, and the core is a quarter of the block",
  },
  "gated-mlp": {
    question:
      "Llama-2-7B's gated MLP has three matrices of 4,096 × 11,008 where a plain one has two of 4,096 × 16,384. " +
      "How many times the plain one's multiply-adds does it do?",
    unit: "times",
    tolerance: 0.02,
    because: () => "the hidden layer was cut to two thirds, and three times two thirds is two",
  },
  "quadratic-crossing": {
    question:
      "At width 768, from how many tokens on does the core of attention do more multiply-adds than the four " +
      "projections beside it?",
    unit: "tokens",
    tolerance: 0.02,
    because: () => "the projections do 4·T·D² and the core 2·T²·D, which are equal at T = 2·D",
  },
  "fully-connected-work": {
    question:
      "Nearly all weights of AlexNet are in its three fully connected layers. How many per cent of its multiply-adds?",
    unit: "%",
    because: () =>
      "a fully connected weight is used once a picture, and a convolution's once for each position of its output",
  },
  "figures-of-tools": {
    question: "Seven tools count one ResNet-50 on one picture. How many different figures do they print?",
    unit: "figures",
    tolerance: 0.01,
    because: () =>
      "each has rules of its own for norms, activations, pools and biases, beside the factor of two between two units",
  },
  "tiled-bytes": {
    question:
      "Two matrices of 512 × 512 are multiplied by tiles of 32 × 32, with room for one tile of each matrix. " +
      "How many times as many bytes move as the three matrices hold?",
    unit: "times",
    because: () =>
      "each tile of A is fetched again for each of 16 columns of tiles, and each of B for each of 16 rows: 33 thirds",
  },
} satisfies Record<string, Guess>;
