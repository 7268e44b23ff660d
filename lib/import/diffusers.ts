// A component of a diffusers pipeline, by its `_class_name`: which classes are counted, and what all of them refuse.
import { nearest, shown } from "../check.js";
import type { Model } from "../model.js";
import type { ModelOptions } from "../models/workload.js";
import { autoencoderClass } from "./diffusers/autoencoder.js";
import type { DiffusersClass } from "./diffusers/fields.js";
import { transformerClasses } from "./diffusers/transformers.js";
import { unetClass } from "./diffusers/unet.js";
import { who, type Fields } from "./huggingFace/fields.js";

const classes: Readonly<Record<string, DiffusersClass>> = {
  UNet2DConditionModel: unetClass,
  AutoencoderKL: autoencoderClass,
  ...transformerClasses,
};

/** Classes of diffusers that `fromHuggingFace` knows, by their `_class_name`. */
export const diffusersClasses: readonly string[] = Object.keys(classes);

/** The model of a component's configuration, whose `_class_name` is one of diffusers' classes. */
export function fromComponent(f: Fields, options: ModelOptions, name: string): Model {
  const className = f.text("_class_name")!;
  if (!Object.hasOwn(classes, className)) {
    const near = nearest(className, diffusersClasses, 6).join(", ");
    throw new RangeError(`${who}: _class_name must be one of ${near}, got ${shown(className)}`);
  }
  if (f.has("quantization_config")) f.refuse("quantization_config", "absent (not counted for diffusers' classes)");
  return classes[className]!(f, options, name);
}
