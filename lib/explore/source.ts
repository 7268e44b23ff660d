// What is asked about, a name, a configuration, a file or a folder, as a model, or as the header of a file that cannot
// be counted op by op.
import { shown } from "../check.js";
import { wholeFile, type FileOrBytes } from "../import/bytes.js";
import { fromDiffusers } from "../import/diffusersPipeline.js";
import type { FileFolder } from "../import/fileFolder.js";
import { fromGguf } from "../import/gguf.js";
import { fromHuggingFace } from "../import/huggingFace.js";
import { fromOnnx, type OnnxModel } from "../import/onnx.js";
import { skimmed } from "../import/onnx/skim.js";
import type { FileAtHand } from "../import/reader.js";
import { fromSafetensors } from "../import/safetensors.js";
import type { TensorFile } from "../import/tensorFile.js";
import { fromTensorFile } from "../import/tensorFileModel.js";
import { modelCost, type Model } from "../model.js";
import { model, type ModelOptions } from "../models/index.js";
import { grouped } from "../units.js";
import { folderOf, type PipelineParts } from "./folder.js";
import { integer } from "./integer.js";
import { modelOptions, type WorkloadTexts } from "./workload.js";

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

/** One file, or the files that a split one is made of. */
type ModelFile = FileOrBytes | readonly FileAtHand[];

/** What is asked about. `name`: what the answer calls it. */
export type Asked =
  | { readonly kind: "model"; readonly name: string }
  | { readonly kind: "config"; readonly name: string; readonly text: string }
  | { readonly kind: "file"; readonly name: string; readonly file: ModelFile }
  | { readonly kind: "folder"; readonly name: string; readonly folder: FileFolder };

/** Endings of the files that can be asked about; a folder of such a name is none. */
export const endings = [".json", ".safetensors", ".gguf", ".onnx"];
/** A config.json or an ONNX file above this is no such file that one would count here. */
const maxBytes = { ".json": 2 ** 24, ".onnx": 2 ** 31 };

/** What is asked about as a model, or as the header of a file. Files are told by their endings. */
export async function sourceOf(who: string, asked: Asked, given: WorkloadTexts): Promise<Counted> {
  const found = await anySource(who, asked, given);
  const ofPipeline = ["steps", "no-guidance"].find((option) => given[option as keyof WorkloadTexts] !== undefined);
  if (ofPipeline === undefined || found.pipeline) return found;
  const got = shown(asked.name);
  throw new RangeError(`${who}: --${ofPipeline} must be asked of a diffusers pipeline's folder, got ${got}`);
}

async function anySource(who: string, asked: Asked, given: WorkloadTexts): Promise<Counted> {
  const { kind, name } = asked;
  if (kind === "file") return ofFile(who, name, asked.file, given);
  const options = modelOptions(who, given);
  if (kind === "model") return { name, model: model(name, options) };
  if (kind === "config") return configured(name, asked.text, options);
  const { file, config, note, pipeline } = await folderOf(who, asked.folder);
  if (pipeline) return piped(who, name, pipeline, { options, given });
  const found = file ? stored(name, file, options) : configured(name, config!, options);
  return note === undefined ? found : { ...found, note };
}

async function ofFile(who: string, name: string, file: ModelFile, given: WorkloadTexts): Promise<Counted> {
  const lower = name.toLowerCase();
  if (lower.endsWith(".gguf")) return stored(name, await fromGguf(file), modelOptions(who, given));
  if (Array.isArray(file)) throw new RangeError(`${who}: several files must be those of one GGUF, got ${shown(name)}`);
  return ofOne(who, name, file as FileOrBytes, given);
}

async function ofOne(who: string, name: string, file: FileOrBytes, given: WorkloadTexts): Promise<Counted> {
  const lower = name.toLowerCase();
  if (lower.endsWith(".onnx")) return onnx(who, name, file, given);
  if (lower.endsWith(".json") && !lower.endsWith(".index.json")) {
    const text = decoder.decode(await wholeFile(who, file, "a .json file", maxBytes[".json"]));
    return configured(name, text, modelOptions(who, given));
  }
  const options = modelOptions(who, given);
  if (lower.endsWith(".json") || lower.endsWith(".safetensors"))
    return stored(name, await fromSafetensors(file), options);
  throw new RangeError(`${who}: a file's name must end in ${endings.join(", ")}, got ${shown(name)}`);
}

/** As Node's own: what is no UTF-8 becomes U+FFFD, and JSON says where. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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
  { options, given }: { options: ModelOptions; given: WorkloadTexts },
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

async function onnx(who: string, name: string, file: FileOrBytes, given: WorkloadTexts): Promise<Counted> {
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
  const read = fromOnnx(await wholeFile(who, file, "a .onnx file", maxBytes[".onnx"], skimmed), {
    batch,
    tokens,
    imageSize: imageSize as number | undefined,
    dims,
  });
  return { name, model: read, uncounted: read.uncounted, graphNodes: read.graphNodes };
}

/** The model of what was asked about. Throws for a header alone. */
export function modelOf(who: string, { name, model: found }: Counted): Model {
  if (found) return found;
  throw new RangeError(`${who}: a file must come with a configuration, got a header alone in ${shown(name)}`);
}
