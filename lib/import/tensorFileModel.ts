// A weights file as a model: the configuration counted, every weight at the bytes that the file has for it, and the
// file held against the model.
import { shown } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import { modelCost, type Model } from "../model.js";
import {
  decoder,
  type DecoderConfig,
  type DecoderModel,
  type DecoderOptions,
  type StoredBytes,
} from "../models/index.js";
import { elementCount } from "../op.js";
import { grouped } from "../units.js";
import { fromHuggingFace } from "./huggingFace.js";
import { isBuffer, placeOf } from "./tensorNames.js";
import type { FileTensor, TensorFile } from "./tensorFile.js";

/** What a weights file's configuration counts, and where the two differ. */
export interface FileModel {
  /** The model, its weights at the file's own bytes. */
  readonly model: Model;
  /** What is in the file and not in the model, or the other way round, a sentence each. */
  readonly differences: readonly string[];
}

/**
 * The model of a weights file that comes with a configuration, or tells one: as fromHuggingFace, but each weight at the
 * bytes that the file stores, unless `weightDtype` says otherwise. Differences between file and model are said, not
 * mended. Throws a TypeError for a file without a configuration.
 */
export function fromTensorFile(file: TensorFile, options: DecoderOptions = {}): FileModel {
  if (file.config === undefined)
    throw new TypeError(`fromTensorFile: file must come with a configuration, got ${file.why ?? "none"}`);
  const model = fromHuggingFace(file.config, options);
  if (!("decoder" in model)) return whole(file, model, options);
  const { decoder: asTold } = model as DecoderModel;
  const config = file.format === "gguf" ? { ...asTold, ...biasesOf(file, asTold) } : asTold;
  const plain = decoder({ ...config, quantization: undefined }, options, model.name, model.source);
  const held = heldAgainst(file, plain, config);
  const weightDtype = mainDType(file) ?? "";
  const { stored, missing, differences } = held;
  const unpriced =
    missing === 0 ? undefined : `fromTensorFile: file must hold every weight of the model, got ${differences[0]}`;
  const quantization = {
    method: config.quantization?.method ?? file.format,
    weightDtype,
    ...(unpriced === undefined
      ? { stored }
      : { unpriced: `${unpriced}; weightDtype (--weight-dtype) sets their bytes` }),
  };
  return { model: decoder({ ...config, quantization }, options, model.name, model.source), differences };
}

/** A file that tells its configuration tells each bias by its tensor. */
function biasesOf(file: TensorFile, config: DecoderConfig): Partial<DecoderConfig> {
  const places = new Set(file.tensors.map(({ name }) => placeOf(name, config)));
  const any = (...paths: string[]): boolean => paths.some((path) => places.has(`${path}#bias`));
  if (config.mla) return {};
  return {
    qkvBias: any("layers.0/attention/q_proj", "layers.0/attention/qkv_proj"),
    outBias: any("layers.0/attention/o_proj"),
    mlpBias: any("layers.0/mlp/up_proj", "layers.0/mlp/gate_up_proj"),
    headBias: any("lm_head"),
  };
}

interface Place {
  tensors: FileTensor[];
  bytes: number;
}

function heldAgainst(file: TensorFile, model: Model, config: DecoderConfig) {
  const inFile = new Map<string, Place>();
  const unknown: FileTensor[] = [];
  for (const t of file.tensors) {
    if (isBuffer(t.name)) continue;
    const place = placeOf(t.name, config);
    const at = place === undefined ? undefined : (inFile.get(place) ?? { tensors: [], bytes: 0 });
    if (at === undefined) {
      unknown.push(t);
      continue;
    }
    at.tensors.push(t);
    at.bytes += t.bytes;
    inFile.set(place!, at);
  }
  const inModel = new Map<string, { key: string; elements: number }[]>();
  for (const { path, op, sharedWeights } of model.nodes)
    for (const w of sharedWeights === undefined ? op.weights : []) {
      // Decoding splits this matrix in two.
      const place = `${path.replace(/(kv_b_proj)\.(key|value)$/, "$1")}#${w.name}`;
      const list = inModel.get(place) ?? [];
      list.push({ key: `${path}#${w.name}`, elements: elementCount(w.shape) });
      inModel.set(place, list);
    }
  const stored: Record<string, { dtype?: string; bytes: number }> = {};
  const differences: string[] = [];
  let missing = 0;
  for (const [place, parts] of inModel) {
    const found = inFile.get(place);
    const elements = parts.reduce((n, part) => n + part.elements, 0);
    if (found === undefined) {
      missing++;
      differences.push(`no tensor for ${place} of ${grouped(elements)} parameters`);
      continue;
    }
    Object.assign(stored, shares(found, parts, elements));
    const has = found.tensors.reduce((n, t) => n + t.elements, 0);
    if (isPlain(found) && has !== elements)
      differences.push(`${shown(found.tensors[0]!.name)} of ${grouped(has)} elements for ${grouped(elements)}`);
  }
  const extra = [...unknown, ...[...inFile].flatMap(([place, { tensors }]) => (inModel.has(place) ? [] : tensors))];
  for (const t of extra) differences.push(`${shown(t.name)} of ${grouped(t.elements)} elements that no layer reads`);
  return { stored, missing, differences };
}

/** The file's bytes of one place, divided by elements over what the model has there; the sum is the file's. */
function shares(
  { tensors, bytes }: Place,
  parts: readonly { key: string; elements: number }[],
  all: number,
): StoredBytes {
  const dtype = tensors.length === 1 ? known(tensors[0]!.dtype) : undefined;
  let left = bytes;
  return Object.fromEntries(
    parts.map(({ key, elements }, i) => {
      const share = i === parts.length - 1 ? left : Math.round((bytes * elements) / all);
      left -= share;
      return [key, { bytes: share, ...(dtype === undefined ? {} : { dtype }) }];
    }),
  );
}

/** Whether its elements are numbers of the model: not packed, without scales. */
const isPlain = ({ tensors }: Place): boolean =>
  tensors.every(({ name, dtype }) => /\.(weight|bias)$/.test(name) && !/^(U|I)\d/.test(dtype));

/** The library's name of a file's format. */
function known(dtype: string): DType | undefined {
  try {
    return parseDType("fromTensorFile", dtype);
  } catch {
    return undefined;
  }
}

/** The format that most bytes are in. */
function mainDType({ bytesByDtype }: TensorFile): DType | undefined {
  const [name] = Object.entries(bytesByDtype).sort((a, b) => b[1] - a[1])[0] ?? [""];
  return known(name);
}

/** A model that is no decoder: its tensors cannot be told apart by name, but one format for all is that of each. */
function whole(file: TensorFile, model: Model, { weightDtype }: DecoderOptions): FileModel {
  const floats = file.tensors.filter((t) => !/^(U|I|BOOL)/.test(t.dtype) && !isBuffer(t.name));
  const formats = [...new Set(floats.map((t) => t.dtype))];
  const dtype = formats.length === 1 && floats.length > 0 ? known(formats[0]!) : undefined;
  const has = floats.reduce((n, t) => n + t.elements, 0);
  const { params } = modelCost(model);
  const differences =
    has === params ? [] : [`${grouped(has)} elements for ${grouped(params)} parameters: ${parts(floats)}`];
  if (weightDtype !== undefined) return { model, differences };
  if (dtype === undefined) {
    const must = "fromTensorFile: tensors of a model that is no decoder must be of one format for bytes to be known";
    return {
      model: { ...model, unpriced: `${must}, got ${formats.join(", ")}; --weight-dtype sets one` },
      differences,
    };
  }
  const nodes = model.nodes.map((node) => {
    const weights = node.op.weights.map((w) => (w.stored === false ? w : { ...w, dtype }));
    return { ...node, op: { ...node.op, weights } };
  });
  return { model: { ...model, nodes }, differences };
}

/** The file's modules by the first word of their names. */
function parts(tensors: readonly FileTensor[]): string {
  const sums = new Map<string, number>();
  for (const t of tensors) {
    const first = t.name.split(".")[0]!;
    sums.set(first, (sums.get(first) ?? 0) + t.elements);
  }
  return [...sums]
    .slice(0, 8)
    .map(([name, n]) => `${shown(name)} ${grouped(n)}`)
    .join(", ");
}
