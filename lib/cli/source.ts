// What a name or a file on the command line stands for: a model, or the header of a file that cannot be counted op by
// op.
import { readFile, stat } from "node:fs/promises";
import { shown } from "../check.js";
import { fromDiffusers } from "../import/diffusersPipeline.js";
import { fromGguf } from "../import/gguf.js";
import { fromHuggingFace } from "../import/huggingFace.js";
import { fromOnnx, type OnnxModel } from "../import/onnx.js";
import { fromSafetensors } from "../import/safetensors.js";
import type { TensorFile } from "../import/tensorFile.js";
import { fromTensorFile } from "../import/tensorFileModel.js";
import { modelCost, type Model } from "../model.js";
import { plainName } from "../lookUp.js";
import { model, modelNames, type ModelOptions, type Phase } from "../models/index.js";
import { grouped } from "../units.js";
import { integer, type Options } from "./command.js";
import { folderOf, type PipelineParts } from "./folder.js";

/**
 * `file`: what a weights file's header says; `model`: what can be counted; `uncounted`: ops of an ONNX file that could
 * not be.
 */
export interface Counted {
  readonly name: string;
  readonly model?: Model;
  readonly file?: TensorFile;
  readonly uncounted?: OnnxModel["uncounted"];
  readonly graphNodes?: number;
  /** Where a weights file and the model made of it differ. */
  readonly differences?: readonly string[];
  /** What is to be said of a folder. */
  readonly note?: string;
  /** Whether it is a pipeline of several models. */
  readonly pipeline?: boolean;
}

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
export type WorkloadOptions = Options<typeof workloadOptions>;

const endings = [".json", ".safetensors", ".gguf", ".onnx"];
/** A config.json or an ONNX file above this is no such file that one would count here. */
const maxBytes = { ".json": 2 ** 24, ".onnx": 2 ** 31 };

/** What `asked` stands for: a file by its ending (or a folder that is there), else the name of a model. */
export async function sourceOf(who: string, asked: string, given: WorkloadOptions): Promise<Counted> {
  const found = await anySource(who, asked, given);
  const ofPipeline = ["steps", "no-guidance"].find((option) => given[option as keyof WorkloadOptions] !== undefined);
  if (ofPipeline === undefined || found.pipeline) return found;
  throw new RangeError(`${who}: --${ofPipeline} must be asked of a diffusers pipeline's folder, got ${shown(asked)}`);
}

async function anySource(who: string, asked: string, given: WorkloadOptions): Promise<Counted> {
  const ending = endings.find((e) => asked.toLowerCase().endsWith(e));
  if (ending === undefined && !(await isFolder(asked)))
    return { name: asked, model: model(asked, modelOptions(who, given)) };
  if (ending === ".onnx") return onnx(who, asked, given);
  if (ending === ".json" && !asked.toLowerCase().endsWith(".index.json"))
    return configured(asked, (await bytesOf(who, asked, ".json")).toString("utf8"), modelOptions(who, given));
  await mustExist(who, asked);
  const options = modelOptions(who, given);
  if (ending !== undefined)
    return stored(asked, await (ending === ".gguf" ? fromGguf : fromSafetensors)(asked), options);
  const { file, config, note, pipeline } = await folderOf(who, asked);
  if (pipeline) return piped(who, asked, pipeline, { options, given });
  const found = file ? stored(asked, file, options) : configured(asked, config!, options);
  return note === undefined ? found : { ...found, note };
}

/**
 * A header alone says how many parameters there are; what they cost needs the configuration beside it, or told by it.
 */
const stored = (name: string, file: TensorFile, options: ModelOptions): Counted =>
  file.config === undefined ? { name, file } : { name, file, ...fromTensorFile(file, options) };

const configured = (
  name: string,
  config: string | Readonly<Record<string, unknown>>,
  options: ModelOptions,
): Counted => ({ name, model: fromHuggingFace(config, options) });

function piped(
  who: string,
  name: string,
  { index, configs }: PipelineParts,
  { options, given }: { options: ModelOptions; given: WorkloadOptions },
): Counted {
  const steps = given.steps === undefined ? {} : { steps: integer(who, "steps", given.steps) };
  const guidance = given["no-guidance"] ? { guidance: false } : {};
  const { model: whole, components } = fromDiffusers(index, configs, { ...options, ...steps, ...guidance });
  const each = components.map(({ name: part, className, model: own }) =>
    own ? `${part} ${grouped(modelCost(own).params)}` : `${part} not counted (${className})`,
  );
  const run =
    given.steps === undefined ? "one evaluation of its denoiser; --steps N counts a whole run" : "a whole run";
  const note = `${String(index["_class_name"])}, parameters: ${each.join(", ")}; below: ${run}`;
  return { name, model: whole, note, pipeline: true };
}

async function onnx(who: string, path: string, given: WorkloadOptions): Promise<Counted> {
  const { batch, tokens, imageSize, ...rest } = modelOptions(who, given);
  const other = Object.keys(rest)[0];
  if (other !== undefined) {
    const option = other.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    const known = "--batch, --tokens, --image-size or --dim name=size";
    throw new RangeError(`${who}: an ONNX file must be asked with ${known}, got --${option}`);
  }
  if (Array.isArray(imageSize)) {
    const instead = "give --dim height=… --dim width=…";
    throw new RangeError(
      `${who}: --image-size of an ONNX file must be one number, got ${shown(imageSize)}; ${instead}`,
    );
  }
  const dims = Object.fromEntries(
    (given.dim ?? []).map((text): [string, number] => {
      const at = text.lastIndexOf("=");
      if (at < 1) throw new RangeError(`${who}: --dim must be name=size, got ${shown(text)}`);
      return [text.slice(0, at), integer(who, `dim ${text.slice(0, at)}`, text.slice(at + 1))];
    }),
  );
  const read = fromOnnx(await bytesOf(who, path, ".onnx"), {
    batch,
    tokens,
    imageSize: imageSize as number | undefined,
    dims,
  });
  return { name: path, model: read, uncounted: read.uncounted, graphNodes: read.graphNodes };
}

/** The options of model() from those of the command line; only what was given. */
function modelOptions(who: string, given: WorkloadOptions): ModelOptions {
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

async function bytesOf(who: string, path: string, ending: keyof typeof maxBytes): Promise<Buffer> {
  const { size } = await mustExist(who, path);
  if (size > maxBytes[ending])
    throw new RangeError(`${who}: a ${ending} file must be at most ${maxBytes[ending]} bytes, got ${size}`);
  return readFile(path);
}

async function mustExist(who: string, path: string): Promise<{ size: number }> {
  try {
    const found = await stat(path);
    if (!found.isDirectory() && !found.isFile())
      throw new RangeError(`${who}: ${shown(path)} must be a file, got something else`);
    if (found.isDirectory() && endings.some((e) => path.endsWith(e)))
      throw new RangeError(`${who}: ${shown(path)} must be a file, got a folder`);
    return found;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new RangeError(`${who}: file must be one that can be read, got ${shown(path)} (${code})`, { cause: error });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) return false;
    // A model's name wins over a folder of that name: "./resnet50" is the folder.
    return /[/\\]|^\./.test(path) || !modelNames.some((name) => plainName(name) === plainName(path));
  } catch {
    return false;
  }
}
