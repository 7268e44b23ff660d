// What a model is run on, as a reader types it: the command line's options and a page's fields.
import type { ModelOptions, Phase } from "../models/index.js";
import { integer } from "./integer.js";

/** An option's kind: a text, a switch, or a text that may be given several times. */
export type Kind = "string" | "boolean" | "strings";
export type Options<Spec extends Record<string, Kind>> = {
  [K in keyof Spec]?: Spec[K] extends "boolean" ? boolean : Spec[K] extends "strings" ? string[] : string;
};

/** The options that say what a model is run on. */
export const workloadOptions = {
  /** Samples. */
  batch: "string",
  /** New positions of each sequence. */
  tokens: "string",
  /** Positions attended to, the new ones included. */
  context: "string",
  /** Pixels: "224" or "480x640". */
  "image-size": "string",
  /** Positions of the latent that a denoiser reads: "64" or "64x96". */
  "latent-size": "string",
  /** Positions that an encoder reads. */
  "source-tokens": "string",
  /** Images in each sequence of a model of text and images. */
  images: "string",
  /** "prefill", "decode" or "train". */
  phase: "string",
  /** Format of activations, and of weights unless it is said. */
  dtype: "string",
  /** Format of weights. */
  "weight-dtype": "string",
  /** Format of keys and values. */
  "kv-dtype": "string",
  /** Weights that share a scale. */
  "group-size": "string",
  /** Sizes of an ONNX file that it leaves open: "name=size". */
  dim: "strings",
  /** Steps of a diffusers pipeline. */
  steps: "string",
  /** One evaluation of the denoiser a step. */
  "no-guidance": "boolean",
} as const;

/** The texts of those options, by name. */
export type WorkloadTexts = Options<typeof workloadOptions>;

/** The options of model() from their texts; only what was given. */
export function modelOptions(who: string, given: WorkloadTexts): ModelOptions {
  const options: Record<string, unknown> = {};
  const numbers = {
    batch: "batch",
    tokens: "tokens",
    context: "context",
    "source-tokens": "sourceTokens",
    images: "images",
    "group-size": "groupSize",
  } as const;
  for (const [option, key] of Object.entries(numbers)) {
    const text = given[option as keyof typeof numbers];
    if (text !== undefined) options[key] = integer(who, option, text);
  }
  const texts = { dtype: "dtype", "weight-dtype": "weightDtype", "kv-dtype": "kvDtype" } as const;
  for (const [option, key] of Object.entries(texts)) {
    const text = given[option as keyof typeof texts];
    if (text !== undefined) options[key] = text;
  }
  if (given.phase !== undefined) options.phase = given.phase as Phase;
  for (const [option, key] of [
    ["image-size", "imageSize"],
    ["latent-size", "latentSize"],
  ] as const) {
    const text = given[option];
    if (text !== undefined) options[key] = sides(who, option, text);
  }
  return options as ModelOptions;
}

/** "224", or "192x256" for height and width. */
function sides(who: string, option: string, text: string): number | [number, number] {
  const [height, width, more] = text.split("x");
  // With three parts the whole is no size, and is refused as such.
  const first = width === undefined || more !== undefined ? text : height!;
  const one = integer(who, option, first);
  return width === undefined ? one : [one, integer(who, option, width)];
}
