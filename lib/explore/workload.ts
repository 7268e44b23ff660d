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
  batch: "string",
  tokens: "string",
  context: "string",
  "image-size": "string",
  "latent-size": "string",
  "source-tokens": "string",
  images: "string",
  phase: "string",
  dtype: "string",
  "weight-dtype": "string",
  "kv-dtype": "string",
  "group-size": "string",
  dim: "strings",
  steps: "string",
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
