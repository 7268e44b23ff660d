// fromDiffusers: the components of a diffusers pipeline, each as a model, and what they cost together. How a component
// is counted is known elsewhere.
import { positiveIntegers, record, shown } from "../check.js";
import type { Model } from "../model.js";
import { pipeline, type Stage } from "../models/pipeline.js";
import { sidePair, type ModelOptions } from "../models/workload.js";
import { imageDecoderClass } from "./diffusers/autoencoder.js";
import { fromHuggingFace } from "./huggingFace.js";
import { fieldsOf } from "./huggingFace/fields.js";

const who = "fromDiffusers";

/** What a pipeline is run on; `tokens` are those of its T5, where it has one. */
export interface PipelineOptions extends ModelOptions {
  /** Denoising steps of a whole run, texts and image included; default: one evaluation of the denoiser alone. */
  steps?: number;
  /** Whether each step is evaluated with the text and without it; default the pipeline's own. */
  guidance?: boolean;
}

/** A component that has weights. */
export interface PipelineComponent {
  /** Its folder. */
  readonly name: string;
  /** Its class. */
  readonly className: string;
  /** The component, where it can be counted. */
  readonly model?: Model;
  /** Why it cannot be counted, where it cannot. */
  readonly why?: string;
}

/** A pipeline as it is run, and what it is made of. */
export interface DiffusersPipeline {
  /** What was asked for: one evaluation of the denoiser, or a whole run. */
  readonly model: Model;
  /** The components that have weights, in the file's order. */
  readonly components: readonly PipelineComponent[];
}

/** How a pipeline is run. */
interface Kind {
  /** The component that runs in every step. */
  readonly denoiser: string;
  /** Positions of each text encoder; those of a T5 are `tokens`. */
  readonly texts: Readonly<Record<string, number>>;
  /** Whether CLIP's positions and T5's stand behind each other; default false: the denoiser reads the last's. */
  readonly joined?: boolean;
  /** Whether a step is evaluated with the text and without. */
  readonly guidance: boolean;
}
/** Positions of CLIP. */
const clipTokens = 77;
const kinds: Readonly<Record<string, Kind>> = {
  StableDiffusionPipeline: { denoiser: "unet", texts: { text_encoder: 77 }, guidance: true },
  StableDiffusionXLPipeline: { denoiser: "unet", texts: { text_encoder: 77, text_encoder_2: 77 }, guidance: true },
  StableDiffusion3Pipeline: {
    denoiser: "transformer",
    // Both of CLIP's stand beside each other, and T5's behind them.
    texts: { text_encoder: 77, text_encoder_2: 77, text_encoder_3: 256 },
    joined: true,
    guidance: true,
  },
  FluxPipeline: { denoiser: "transformer", texts: { text_encoder: 77, text_encoder_2: 512 }, guidance: false },
  DiTPipeline: { denoiser: "transformer", texts: {}, guidance: true },
};

/** Pipelines that `fromDiffusers` knows, by their `_class_name`. */
export const diffusersPipelines: readonly string[] = Object.keys(kinds);

/** Components without weights. */
const weightless = /^(scheduler|tokenizer(_\d)?|feature_extractor|image_processor)$/;

/**
 * A pipeline from its `model_index.json` and its components' configurations by their folders: `fromDiffusers(index, {
 * unet, vae, text_encoder }, { imageSize: 512, steps: 30 })`. Without `steps` one evaluation of the denoiser; with it
 * the texts once, every step, and the decoding of the image; guidance doubles the batch of texts and steps. `imageSize`
 * is in pixels; the denoiser's own latent where it is left out. Throws, in one line, for an unknown pipeline, and with
 * `steps` for a component that cannot be counted.
 */
export function fromDiffusers(
  index: Readonly<Record<string, unknown>>,
  configs: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>,
  options: PipelineOptions = {},
): DiffusersPipeline {
  record(who, "index", index);
  record(who, "configs", configs);
  record(who, "options", options);
  const className = index["_class_name"];
  if (typeof className !== "string" || !Object.hasOwn(kinds, className))
    throw new RangeError(
      `${who}: _class_name must be one of ${diffusersPipelines.join(", ")}, got ${shown(className)}`,
    );
  const kind = kinds[className]!;
  const { steps, guidance = kind.guidance, imageSize, ...workload } = options;
  if (typeof guidance !== "boolean")
    throw new TypeError(`${who}: guidance must be true or false, got ${shown(guidance)}`);
  if (steps !== undefined) {
    positiveIntegers(who, { steps });
    if ((workload.phase ?? "prefill") !== "prefill")
      throw new RangeError(`${who}: phase must be prefill with steps, got ${shown(workload.phase)}`);
  }
  const batch = workload.batch ?? 1;
  positiveIntegers(who, { batch });
  const run: Run = {
    kind,
    configs,
    workload: { ...workload, ...latentOf(configs["vae"], imageSize, workload.latentSize) },
    batch,
    evaluated: steps !== undefined && guidance ? 2 * batch : batch,
  };
  const first = counted(run, kind.denoiser);
  const latentSize = first.workload["latentSize"] as ModelOptions["latentSize"];
  const sized = { ...run, workload: { ...run.workload, latentSize } };
  const components = componentsOf(index).map(([name, its]) =>
    name === kind.denoiser ? { name, className: its, model: first } : component(sized, name, its),
  );
  if (steps === undefined) return { model: first, components };
  const stages = components.map((each) => stageOf(each, kind.denoiser, steps));
  const order = (name: string): number => (name === "vae" ? 2 : name === kind.denoiser ? 1 : 0);
  stages.sort((a, b) => order(a.name) - order(b.name));
  const described = { ...first.workload, batch, steps, guidance };
  const source = `huggingface/diffusers, ${className}`;
  return { model: pipeline(className, stages, { workload: described, source }), components };
}

interface Run {
  readonly kind: Kind;
  readonly configs: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  readonly workload: ModelOptions;
  /** Images. */
  readonly batch: number;
  /** Samples of an evaluation: twice the images with guidance. */
  readonly evaluated: number;
}

/** The latent of an image: a side is halved between two sizes of the autoencoder. */
function latentOf(
  vae: Readonly<Record<string, unknown>> | undefined,
  imageSize: ModelOptions["imageSize"],
  latentSize: ModelOptions["latentSize"],
): Pick<ModelOptions, "latentSize"> {
  if (imageSize === undefined) return {};
  if (latentSize !== undefined) throw new TypeError(`${who}: size must be imageSize or latentSize, got both`);
  const levels = vae?.["block_out_channels"];
  if (!Array.isArray(levels) || levels.length > 16)
    throw new TypeError(`${who}: imageSize must stand beside a vae with block_out_channels, got ${shown(levels)}`);
  const factor = 2 ** (levels.length - 1);
  const sides = sidePair(who, "imageSize", imageSize);
  const odd = sides.find((side) => side % factor !== 0);
  if (odd !== undefined) throw new RangeError(`${who}: imageSize must be a multiple of ${factor}, got ${shown(odd)}`);
  return { latentSize: [sides[0] / factor, sides[1] / factor] };
}

/** The components that an index names, with their classes; a null one was left out. */
function componentsOf(index: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return Object.entries(index).flatMap(([name, value]) => {
    if (name.startsWith("_") || weightless.test(name) || !Array.isArray(value)) return [];
    const className: unknown = value[1];
    return typeof className === "string" ? [[name, className] as const] : [];
  });
}

function component(run: Run, name: string, className: string): PipelineComponent {
  try {
    return { name, className, model: counted(run, name) };
  } catch (error) {
    return { name, className, why: (error as Error).message };
  }
}

function counted({ kind, configs, workload, batch, evaluated }: Run, name: string): Model {
  const { latentSize, tokens, ...rest } = workload;
  const size = latentSize === undefined ? {} : { latentSize };
  const config = configs[name];
  if (config === undefined) throw new RangeError(`${who}: ${name}/config.json must be there, got none`);
  if (name === "vae" && config["_class_name"] === "AutoencoderKL")
    return imageDecoderClass(fieldsOf(config), { ...rest, ...size, batch }, "AutoencoderKL");
  const lengths = Object.entries(kind.texts)
    .filter(([encoder]) => configs[encoder] !== undefined)
    .map(([encoder, own]) => [encoder, own > clipTokens ? (tokens ?? own) : own] as const);
  if (name === kind.denoiser) {
    const last = lengths.at(-1)?.[1];
    if (kind.joined && configs["text_encoder_3"] === undefined)
      throw new RangeError(`${who}: text_encoder_3/config.json must be there, as its positions are counted, got none`);
    const text = last === undefined ? {} : { tokens: kind.joined ? clipTokens + last : last };
    return fromHuggingFace(config, { ...rest, ...size, batch: evaluated, ...text });
  }
  const own = lengths.find(([encoder]) => encoder === name)?.[1];
  if (own === undefined) throw new RangeError(`${who}: component must be one that is counted, got ${name}`);
  return fromHuggingFace(config, { ...rest, batch: evaluated, tokens: own });
}

function stageOf({ name, className, model, why }: PipelineComponent, denoiser: string, steps: number): Stage {
  if (model !== undefined) return { name, model, times: name === denoiser ? steps : 1 };
  throw new RangeError(
    `${who}: steps must be left out where a component is not counted, got ${name} (${className}: ${why})`,
  );
}
