// Finding a model by its name.
import { lookUp } from "../check.js";
import { nameFinder } from "../lookUp.js";
import type { Model } from "../model.js";
import { decoderModels, withoutTuning } from "./decoderNames.js";
import { aliases, registry } from "./registry.js";
import { timmTag } from "./timm/tag.js";
import type { ModelOptions } from "./workload.js";

/** Every name that `model` knows, as torchvision and Hugging Face write them. */
export const modelNames: readonly string[] = Object.keys(registry);

const findName = nameFinder(modelNames, aliases);

/**
 * The canonical name of `name`, with or without the organisation before the slash ("google-bert/bert-base-uncased"); a
 * decoder tuned for chat costs what its base does.
 */
function canonical(name: unknown): unknown {
  if (typeof name !== "string") return name;
  const known = findName(name) ?? findName(name.slice(name.lastIndexOf("/") + 1));
  if (known !== undefined) return known;
  const base = withoutTuning(name);
  if (base !== name) {
    const found = canonical(base);
    if (Object.hasOwn(decoderModels, found as string)) return found;
  }
  return name;
}

const help = "modelNames (ridgepoint models) lists them; any other model is counted from its config.json or ONNX file";

/**
 * The ops of a named model for a workload: `model("resnet50", { imageSize: 224, batch: 1 })`,
 * `model("bert-base-uncased", { tokens: 128 })`. Options that a family has no use for (tokens of a ResNet) are ignored,
 * unknown ones are refused. A timm name may have a tag (resnet50.a1_in1k), with the image size of its weights. `phase:
 * "train"` adds the backward pass. The look-up ignores case, "-", "_", "." and "/". Throws a RangeError that lists the
 * names that are like it.
 */
export function model(name: string, options?: ModelOptions): Model {
  const tagged = typeof name === "string" ? timmTag(name.slice(name.lastIndexOf("/") + 1)) : undefined;
  const known = canonical(tagged?.architecture ?? name);
  const factory = lookUp("model", "name", registry, known, help);
  return factory(tagged?.imageSize === undefined ? options : { imageSize: tagged.imageSize, ...options });
}
