// timm's architectures by their names there. A family adds its record here.
import type { ModelFactory, ModelOptions } from "../workload.js";
import { timmVit } from "./vit.js";
import { timmVits } from "./vitNames.js";

/** timm's name -> factory. */
export const timmModels: Readonly<Record<string, ModelFactory>> = Object.fromEntries(
  Object.entries(timmVits).map(([name, config]) => [name, (options?: ModelOptions) => timmVit(name, config, options)]),
);
