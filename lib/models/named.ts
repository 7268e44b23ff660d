// Finding a model by its name.
import { lookUp } from "../check.js";
import type { Model } from "../model.js";
import { aliases, registry } from "./registry.js";
import type { ModelOptions } from "./workload.js";

/** Every name that `model` knows, as torchvision and Hugging Face write them. */
export const modelNames: readonly string[] = Object.keys(registry);

/** Case and the choice of separator do not tell models apart: "ResNet-50" is resnet50. */
const loose = (name: string): string => name.toLowerCase().replace(/[-_./\s]+/g, "_");
const squashed = (name: string): string => loose(name).replace(/_/g, "");

/** Keys -> canonical names. Where two names squash to one key (regnet_y_1_6gf, regnet_y_16gf), the one with fewer separators has it. */
function index(key: (name: string) => string): Map<string, string> {
  const entries = [...Object.entries(aliases), ...modelNames.map((name): [string, string] => [name, name])];
  const separators = (name: string) => loose(name).split("_").length;
  return new Map(entries.sort(([a], [b]) => separators(b) - separators(a)).map(([written, name]) => [key(written), name]));
}
const byLooseName = index(loose), bySquashedName = index(squashed);

/** The canonical name of `name`, with or without the organisation before the slash ("google-bert/bert-base-uncased"). */
function canonical(name: unknown): unknown {
  if (typeof name !== "string") return name;
  for (const written of [name, name.slice(name.lastIndexOf("/") + 1)]) {
    const found = byLooseName.get(loose(written)) ?? bySquashedName.get(squashed(written));
    if (found !== undefined) return found;
  }
  return name;
}

/**
 * The ops of a named model for a workload: `model("resnet50", { imageSize: 224, batch: 1 })`, `model("bert-base-uncased", { tokens: 128 })`.
 * Options that a family has no use for (tokens of a ResNet) are ignored, unknown ones are refused. `phase: "train"` adds the backward pass.
 * The look-up ignores case, "-", "_", "." and "/". Throws a RangeError that lists the nearest names.
 */
export function model(name: string, options?: ModelOptions): Model {
  return lookUp("model", "name", registry, canonical(name))(options);
}
