// explore: one question, a model, a workload and a device, with the answers that the command line gives. Pure: files
// are handed over, and nothing else is read.
import { knownKeys, record, shown } from "../check.js";
import { folderOfFiles } from "../import/fileFolder.js";
import { byteReader, isAtHand, type FileAtHand } from "../import/reader.js";
import type { TensorFile } from "../import/tensorFile.js";
import type { Model } from "../model.js";
import type { Device } from "../roofline.js";
import { countingOptions, countMore, countOptions, countRecord, type CountTexts } from "./count.js";
import { namedDevice } from "./device.js";
import { fitsAnswer, fitsOptions, fitsRecord, type FitsTexts } from "./fits.js";
import { oneLine } from "./oneLine.js";
import { rooflineFigures, rooflineRecord } from "./roofline.js";
import { sourceOf, type Asked, type Counted } from "./source.js";
import { workloadOptions, type Kind, type WorkloadTexts } from "./workload.js";

/** The name of a model, the text of a configuration (it starts with "{"), a file, or the files of a folder. */
export type ExploreSource = string | FileAtHand | readonly FileAtHand[];

/** The command line's options under its names and as its texts: `{ batch: "8", "weight-dtype": "int4" }`. */
export interface ExploreOptions extends WorkloadTexts, CountTexts, FitsTexts {
  /** An id such as "h100-sxm", or figures as JSON; without it only the count is answered. */
  readonly device?: string;
}

/** What a command prints under `--json`, or its error. */
export type Answer =
  | { readonly record: Readonly<Record<string, unknown>>; readonly error?: undefined }
  | { readonly error: string; readonly record?: undefined };

/** What is known of a model on a device. */
export interface Explored {
  /** What can be counted op by op, where it can. */
  readonly model?: Model;
  /** What a weights file's header says, where one was given. */
  readonly file?: TensorFile;
  /** The device, where one was named that there is. */
  readonly device?: Device;
  /** What the model costs, as `ridgepoint count`. */
  readonly count: Answer;
  /** What the device's roofs allow, as `ridgepoint roofline`; where a device was named. */
  readonly roofline?: Answer;
  /** What the device's memory must hold, as `ridgepoint fits`; where a device was named. */
  readonly fits?: Answer;
}

/**
 * Counts a model and holds it against a device: `explore("resnet50", { batch: "8", device: "h100-sxm" })`,
 * `explore(file, { phase: "decode" })`. Each answer is the record that the command of that name prints under `--json`,
 * or the line that it would print instead, without the program's name. Of weights only headers are read. Throws a
 * TypeError only for options that are none of those.
 */
export async function explore(source: ExploreSource, options: ExploreOptions = {}): Promise<Explored> {
  checkOptions(options);
  const { device: id } = options;
  const first = await tried(() => sourceOf("count", askedOf(source), options));
  // An error names who asked, so a source that fails is asked for by each.
  const sourceFor = async (who: string): Promise<Counted> => first.value ?? sourceOf(who, askedOf(source), options);
  const count = await answered(async () => {
    const chosen = countOptions(options);
    const found = await sourceFor("count");
    return countRecord(found, countMore(found, chosen));
  });
  const { model, file } = first.value ?? {};
  const told = { ...(model ? { model } : {}), ...(file ? { file } : {}), count };
  if (id === undefined) return told;
  const on = await tried(() => deviceFor("roofline", id));
  const roofline = await answered(async () => {
    const device = deviceFor("roofline", id);
    const found = await sourceFor("roofline");
    return rooflineRecord(found, rooflineFigures(found, device, options.dtype));
  });
  const fits = await answered(async () => {
    const device = deviceFor("fits", id);
    const found = await sourceFor("fits");
    return fitsRecord(found, fitsAnswer(found, device, options));
  });
  return { ...told, ...(on.value ? { device: on.value } : {}), roofline, fits };
}

function deviceFor(who: string, id: string): Device {
  if (id === "") throw new RangeError(`${who}: --device with an id such as h100-sxm must be given, got none`);
  return namedDevice(who, id);
}

function askedOf(source: ExploreSource): Asked {
  if (typeof source === "string")
    return source.trim().startsWith("{")
      ? { kind: "config", name: "config.json", text: source }
      : { kind: "model", name: source };
  if (isAtHand(source)) return { kind: "file", name: byteReader(source).name, file: source };
  if (!Array.isArray(source))
    throw new TypeError(`explore: source must be a name, a configuration or files, got ${shown(source)}`);
  const files = source as readonly FileAtHand[];
  if (files.length === 1) return askedOf(files[0]!);
  const folder = folderOfFiles("explore", source);
  const names = files.map((file) => byteReader(file).name);
  const graphs = names.filter((name) => name.toLowerCase().endsWith(".onnx"));
  if (graphs.length === 1) return askedOf(files[names.indexOf(graphs[0]!)]!);
  if (names.every((name) => name.toLowerCase().endsWith(".gguf")))
    return { kind: "file", name: [...names].sort()[0]!, file: source };
  return { kind: "folder", name: folder.name, folder };
}

const kinds: Readonly<Record<string, Kind>> = {
  ...workloadOptions,
  ...countingOptions,
  ...fitsOptions,
  device: "string",
};
const isText = (value: unknown): value is string => typeof value === "string";

/** A misspelt option, or a number where a text belongs, must not silently count for nothing. */
function checkOptions(options: ExploreOptions): void {
  record("explore", "options", options);
  knownKeys("explore", options, Object.keys(kinds));
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const kind = kinds[name]!;
    if (kind === "string" && !isText(value))
      throw new TypeError(`explore: ${name} must be a text, got ${shown(value)}`);
    if (kind === "boolean" && typeof value !== "boolean")
      throw new TypeError(`explore: ${name} must be true or false, got ${shown(value)}`);
    if (kind === "strings" && !(Array.isArray(value) && value.every(isText)))
      throw new TypeError(`explore: ${name} must be a list of texts, got ${shown(value)}`);
  }
}

async function tried<T>(make: () => T | Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await make() };
  } catch (error) {
    return { error };
  }
}

async function answered(make: () => Promise<Readonly<Record<string, unknown>>>): Promise<Answer> {
  const { value, error } = await tried(make);
  return value === undefined ? { error: oneLine(error) } : { record: value };
}
