// timm's architectures by their names there. A family adds its record here.
import { convnext } from "../convnext.js";
import { regnet } from "../regnet.js";
import { swin } from "../swin.js";
import type { ModelFactory, ModelOptions } from "../workload.js";
import type { Model } from "../../model.js";
import { timmConvNexts, timmRegNets, timmSwins } from "./hierarchical.js";
import { timmResNet } from "./resnet.js";
import { timmResNets } from "./resnetNames.js";
import { timmVit } from "./vit.js";
import { timmVits } from "./vitNames.js";

type Family<Config> = (name: string, config: Config, options?: ModelOptions) => Model;

const named = <Config>(configs: Readonly<Record<string, Config>>, family: Family<Config>): [string, ModelFactory][] =>
  Object.entries(configs).map(([name, config]) => [name, (options?: ModelOptions) => family(name, config, options)]);

/** timm's name -> factory. */
export const timmModels: Readonly<Record<string, ModelFactory>> = Object.fromEntries([
  ...named(timmVits, timmVit),
  ...named(timmResNets, timmResNet),
  ...named(timmConvNexts, convnext),
  ...named(timmSwins, swin),
  ...named(timmRegNets, regnet),
]);
