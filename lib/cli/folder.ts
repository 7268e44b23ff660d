// What a folder on the command line is: a model's files, a configuration alone, an adapter, or a pipeline.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord, parseJson } from "../import/json.js";
import { configIn, fromSafetensors } from "../import/safetensors.js";
import type { TensorFile } from "../import/tensorFile.js";
import { printable } from "../text/escape.js";
import { grouped } from "../units.js";

/** A weights file, or a configuration; `note`: what else is to be said. */
export interface Folder {
  readonly file?: TensorFile;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly note?: string;
}

/** What the folder at `path` holds. Throws a RangeError for one that is no model, in words that say what it is. */
export async function folderOf(who: string, path: string): Promise<Folder> {
  const names = await readdir(path);
  const read = async (name: string): Promise<Record<string, unknown>> => {
    const value = parseJson(who, name, await readFile(join(path, name)));
    return isRecord(value) ? value : {};
  };
  if (names.includes("model_index.json")) {
    const kind = printable(String((await read("model_index.json"))._class_name ?? "a pipeline"));
    throw new RangeError(
      `${who}: a folder must hold one model, got a diffusers pipeline (${kind}), which is not counted`,
    );
  }
  if (names.includes("adapter_config.json")) {
    const base = printable(String((await read("adapter_config.json")).base_model_name_or_path ?? "a base not named"));
    const weights = names.includes("adapter_model.safetensors");
    const file = weights ? await fromSafetensors(join(path, "adapter_model.safetensors")) : undefined;
    const size = file ? ` of ${grouped(file.params)} parameters` : "";
    const note = `an adapter${size} of ${base}: its costs are those of the base and its own`;
    // A configuration beside an adapter is its base's.
    if (file) return { file: { ...file, config: undefined }, note };
    throw new RangeError(`${who}: a folder must hold weights or a model's configuration, got ${note}`);
  }
  const index = names.find((name) => name.endsWith(".safetensors.index.json"));
  const config = await configIn(path);
  if (index !== undefined && config !== undefined && !names.some((name) => name.endsWith(".safetensors"))) {
    const { metadata } = await read(index);
    const size = isRecord(metadata) && typeof metadata.total_size === "number" ? metadata.total_size : undefined;
    const total = size === undefined ? "" : ` of ${grouped(size)} bytes by the index`;
    return { config, note: `the shards${total} are not here, so bytes are those of the configuration` };
  }
  const weights = index !== undefined || names.some((name) => name.endsWith(".safetensors"));
  if (!weights && config !== undefined) return { config, note: "no weights here, the configuration alone is counted" };
  return { file: await fromSafetensors(path) };
}
