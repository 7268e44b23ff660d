// What a folder is: a model's files, a configuration alone, an adapter, or a pipeline.
import { diffusersPipelines } from "../import/diffusersPipeline.js";
import type { FileFolder } from "../import/fileFolder.js";
import { isRecord, parseJson } from "../import/json.js";
import { configIn, safetensorsIn } from "../import/safetensors.js";
import type { TensorFile } from "../import/tensorFile.js";
import { printable } from "../text/escape.js";
import { grouped } from "../units.js";

/** A weights file, or a configuration; `note`: what else is to be said. */
export interface Folder {
  /** The parts of a diffusers pipeline. */
  readonly pipeline?: PipelineParts;
  readonly file?: TensorFile;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly note?: string;
}

/** A pipeline's index, and its components' configurations by their folders. */
export interface PipelineParts {
  readonly index: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The parts of the pipeline in `folder`, which must be of a kind that is counted. */
async function pipelineIn(who: string, folder: FileFolder, index: Record<string, unknown>): Promise<PipelineParts> {
  const kind = index._class_name;
  if (typeof kind !== "string" || !diffusersPipelines.includes(kind)) {
    const got = printable(String(kind ?? "a pipeline"));
    throw new RangeError(
      `${who}: a folder must hold one model or a pipeline of ${diffusersPipelines.join(", ")}, ` +
        `got a diffusers pipeline (${got}), which is not counted`,
    );
  }
  const configs: Record<string, Record<string, unknown>> = {};
  for (const name of Object.keys(index).filter((each) => /^[A-Za-z][\w-]{0,99}$/.test(each))) {
    const path = `${name}/config.json`;
    const value = (await folder.has(path)) && parseJson(who, path, await bytesIn(who, folder, path));
    if (isRecord(value)) configs[name] = value;
  }
  return { index, configs };
}

/** Configurations and indices are far below this. */
const maxJson = 100_000_000;

async function bytesIn(who: string, folder: FileFolder, name: string): Promise<Uint8Array> {
  const source = await folder.open(who, name);
  try {
    if (source.size > maxJson)
      throw new RangeError(`${who}: ${name} must be at most ${maxJson} bytes, got ${source.size}`);
    return await source.read(0, source.size);
  } finally {
    await source.close();
  }
}

/** What `folder` holds. Throws a RangeError for one that is no model, in words that say what it is. */
export async function folderOf(who: string, folder: FileFolder): Promise<Folder> {
  const names = await folder.names();
  const read = async (name: string): Promise<Record<string, unknown>> => {
    const value = parseJson(who, name, await bytesIn(who, folder, name));
    return isRecord(value) ? value : {};
  };
  if (names.includes("model_index.json"))
    return { pipeline: await pipelineIn(who, folder, await read("model_index.json")) };
  if (names.includes("adapter_config.json")) {
    const base = printable(String((await read("adapter_config.json")).base_model_name_or_path ?? "a base not named"));
    const weights = names.includes("adapter_model.safetensors");
    const file = weights ? await safetensorsIn(folder, "adapter_model.safetensors") : undefined;
    const size = file ? ` of ${grouped(file.params)} parameters` : "";
    const note = `an adapter${size} of ${base}: its costs are those of the base and its own`;
    // A configuration beside an adapter is its base's.
    if (file) return { file: { ...file, config: undefined }, note };
    throw new RangeError(`${who}: a folder must hold weights or a model's configuration, got ${note}`);
  }
  const index = names.find((name) => name.endsWith(".safetensors.index.json"));
  const config = await configIn(folder);
  if (index !== undefined && config !== undefined && !names.some((name) => name.endsWith(".safetensors"))) {
    const { metadata } = await read(index);
    const size = isRecord(metadata) && typeof metadata.total_size === "number" ? metadata.total_size : undefined;
    const total = size === undefined ? "" : ` of ${grouped(size)} bytes by the index`;
    return { config, note: `the shards${total} are not here, so bytes are those of the configuration` };
  }
  const weights = index !== undefined || names.some((name) => name.endsWith(".safetensors"));
  if (!weights && config !== undefined) return { config, note: "no weights here, the configuration alone is counted" };
  return { file: await safetensorsIn(folder) };
}
