// Finding a model by its name.
import { lookUp } from "../check.js";
import type { Model } from "../model.js";
import { decoderModels, withoutTuning } from "./decoderNames.js";
import { aliases, registry } from "./registry.js";
import type { ModelOptions } from "./workload.js";

/** Every name that `model` knows, as torchvision and Hugging Face write them. */
export const modelNames: readonly string[] = Object.keys(registry);

/**
 * Case and separators do not tell models apart: "ResNet-50" is resnet50. Between two digits a separator may matter
 * (regnet_y_1_6gf, regnet_y_16gf), so it is ignored last.
 */
const keys: readonly ((name: string) => string)[] = [
  (name) => name.toLowerCase().replace(/[-_./\s]+/g, "_"),
  (name) => keys[0]!(name).replace(/(?<!\d)_|_(?!\d)/g, ""),
  (name) => keys[0]!(name).replace(/_/g, ""),
];

const separators = (name: string): number => keys[0]!(name).split("_").length;
/** Of two names under one key, the one with fewer separators has it. */
const entries = [...Object.entries(aliases), ...modelNames.map((name): [string, string] => [name, name])].sort(
  ([a], [b]) => separators(b) - separators(a),
);
const byKey = keys.map((key) => new Map(entries.map(([written, name]) => [key(written), name])));

/**
 * The canonical name of `name`, with or without the organisation before the slash ("google-bert/bert-base-uncased"); a
 * decoder tuned for chat costs what its base does.
 */
function canonical(name: unknown): unknown {
  if (typeof name !== "string") return name;
  for (const written of [name, name.slice(name.lastIndexOf("/") + 1)])
    for (const [i, key] of keys.entries()) {
      const found = byKey[i]!.get(key(written));
      if (found !== undefined) return found;
    }
  const base = withoutTuning(name);
  if (base !== name) {
    const found = canonical(base);
    if (Object.hasOwn(decoderModels, found as string)) return found;
  }
  return name;
}

/**
 * The ops of a named model for a workload: `model("resnet50", { imageSize: 224, batch: 1 })`,
 * `model("bert-base-uncased", { tokens: 128 })`. Options that a family has no use for (tokens of a ResNet) are ignored,
 * unknown ones are refused. `phase: "train"` adds the backward pass. The look-up ignores case, "-", "_", "." and "/".
 * Throws a RangeError that lists the nearest names.
 */
export function model(name: string, options?: ModelOptions): Model {
  return lookUp("model", "name", registry, canonical(name))(options);
}
