// Guesses of lecture 4.
import { significant } from "../../units.js";
import type { Guess } from "../guess.js";

const figure = (value: number | string): string => (typeof value === "number" ? significant(value, 3) : value);

export const lecture4 = {
  "bert-against-vit": {
    question:
      "The chart puts BERT-base at 22 and ViT-B/16 at 17.6. In one unit, how many times the work of ViT-B/16 is " +
      "that of BERT-base?",
    because: (actual) =>
      `22 are FLOPs of 128 tokens and 17.6 are multiply-adds, two FLOPs each: ${figure(actual)}, not 22 / 17.6`,
  },
  "longer-bar": {
    question: "What does a longer bar on the right measure?",
    choices: ["efficiency", "speed", "reuse of weights"],
    because: () => "multiply-adds divided by parameters are uses of a weight, and say nothing of accuracy or of time",
  },
  "b0-speed-up": {
    question:
      "EfficientNet-B0 does a tenth of ResNet-50's multiply-adds. How many times as many images a second does it do " +
      "on an RTX 4090, in large batches?",
    unit: "times",
    because: () => "time follows the bytes here, and those shrink far less than the multiply-adds",
  },
  "best-count": {
    question: "Which count orders the times of these models best on that GPU?",
    choices: ["parameters", "multiply-adds", "activations"],
    because: (actual) =>
      actual === "activations"
        ? "in large batches most ops wait for memory, and what contractions write is what the ops around them move"
        : `here the ranks by ${actual} are nearest to the ranks by time`,
  },
  "where-memory-peaks": {
    question: "Where along MobileNetV2 do its activations need most room?",
    choices: ["in the first quarter of its ops", "in the middle half", "in the last quarter"],
    because: (actual) =>
      actual === "in the first quarter of its ops"
        ? "channels double where a side halves, so that each stage makes half as much as the one before"
        : "that is where the largest tensors live together",
  },
} satisfies Record<string, Guess>;
