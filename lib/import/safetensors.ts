// fromSafetensors: the header of a safetensors file, or of all shards that an index names. Weights are never read.
// Format: 8 bytes of little-endian header length, a JSON header, the data (github.com/huggingface/safetensors,
// "Format").
import { shown } from "../check.js";
import { architectureFromNames } from "./architecture.js";
import { openSource, type FileOrBytes, type Source } from "./bytes.js";
import { folderAt, folderOfFiles, type FileFolder } from "./fileFolder.js";
import { isRecord, parseJson } from "./json.js";
import { node } from "./node.js";
import { isAtHand, type FileAtHand } from "./reader.js";
import { elementsOf, totals, type FileTensor, type TensorFile } from "./tensorFile.js";

const who = "fromSafetensors";
/** The format's own limit. */
const maxHeader = 100_000_000;
const maxShards = 10_000;

/** Bits of an element by the format's names. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
};

/**
 * Reads a header: `{format, params, bytes, bytesByDtype, tensors, metadata, architecture?, config?}`; `params` counts
 * all elements, sums are exact. `file`: a .safetensors file, as a path or at hand, or a `….index.json` (its shards are
 * read beside it), or a folder with either: a path, or the list of its files. `config` is the config.json beside the
 * file, or what the tensors' names and shapes tell. Throws a RangeError that names the offset or the tensor when the
 * header does not hold together: lengths, dtypes, offsets without gaps, and the file's own size are checked.
 */
export async function fromSafetensors(file: FileOrBytes | readonly FileAtHand[]): Promise<TensorFile> {
  if (Array.isArray(file)) return safetensorsIn(folderOfFiles(who, file));
  if (isAtHand(file)) {
    const source = await openSource(who, file);
    // Of an index alone no shard is at hand, which is said of the first.
    return source.name.endsWith(".json")
      ? read(folderOfFiles(who, [file]), source.name, source)
      : finish(await oneFile(source));
  }
  if (typeof file !== "string" && !(file instanceof URL))
    throw new TypeError(`${who}: file must be a path, a Blob, a reader or a Uint8Array, got ${shown(file)}`);
  const { fs, path: paths, url } = node(who, file);
  const path = file instanceof URL ? url.fileURLToPath(file) : file;
  if ((await fs.stat(path).catch(() => undefined))?.isDirectory()) return safetensorsIn(folderAt(who, path));
  return read(folderAt(who, paths.dirname(path)), paths.basename(path), await openSource(who, path));
}

/** The model in `folder`, or its file `name`; several files without an index are one model's. */
export async function safetensorsIn(folder: FileFolder, name?: string): Promise<TensorFile> {
  const found = name ?? (await located(folder));
  if (typeof found === "string") return read(folder, found, await folder.open(who, found));
  const headers: Header[] = [];
  for (const part of found) headers.push(await oneFile(await folder.open(who, part)));
  return finish({ tensors: onceEach(headers.flatMap((h) => h.tensors)), metadata: {} }, await configIn(folder));
}

/** `source` is the file `name` of `folder`, and is closed. */
async function read(folder: FileFolder, name: string, source: Source): Promise<TensorFile> {
  try {
    const config = await configIn(folder);
    return finish(await (name.endsWith(".json") ? shards(folder, source) : oneFile(source)), config);
  } finally {
    await source.close();
  }
}

interface Header {
  tensors: FileTensor[];
  metadata: Record<string, unknown>;
}

function finish({ tensors, metadata }: Header, besideIt?: Record<string, unknown>): TensorFile {
  const told = architectureFromNames(tensors);
  const config = besideIt ?? told.config;
  const declared = Array.isArray(besideIt?.architectures) ? besideIt.architectures[0] : undefined;
  const named = [besideIt?.model_type, declared].find((name) => typeof name === "string");
  const architecture = named ?? told.architecture;
  return {
    format: "safetensors",
    ...totals(tensors),
    tensors,
    metadata,
    ...(architecture === undefined ? {} : { architecture }),
    ...(config === undefined ? {} : { config }),
  };
}

async function oneFile(source: Source, shard?: string): Promise<Header> {
  try {
    if (source.size < 8)
      throw new RangeError(`${who}: file must start with 8 bytes of header length, got ${source.size} bytes`);
    const first = await source.read(0, 8);
    const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
    if (length > maxHeader)
      throw new RangeError(`${who}: header length at offset 0 must be at most ${maxHeader}, got ${length}`);
    if (length > source.size - 8)
      throw new RangeError(
        `${who}: header length at offset 0 must be at most the ${source.size - 8} bytes that follow, got ${length}`,
      );
    const header = parseJson(who, "header", await source.read(8, length), { offset: 8 });
    if (!isRecord(header))
      throw new RangeError(`${who}: header at offset 8 must be a JSON object, got ${shown(header)}`);
    return checked(header, source.size - 8 - length, shard);
  } finally {
    await source.close();
  }
}

function checked(header: Record<string, unknown>, dataBytes: number, shard: string | undefined): Header {
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata)) throw new RangeError(`${who}: __metadata__ must be an object, got ${shown(metadata)}`);
  const placed = Object.entries(entries).map(([name, entry]) => {
    const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : ({} as Record<string, unknown>);
    const dataOffsets = `data_offsets of tensor ${shown(name)}`;
    if (typeof dtype !== "string" || !Object.hasOwn(bits, dtype))
      throw new RangeError(
        `${who}: dtype of tensor ${shown(name)} must be one of ${Object.keys(bits).join(", ")}, got ${shown(dtype)}`,
      );
    if (!Array.isArray(shape))
      throw new RangeError(`${who}: shape of tensor ${shown(name)} must be a list, got ${shown(shape)}`);
    if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((n) => Number.isSafeInteger(n) && n >= 0))
      throw new RangeError(`${who}: ${dataOffsets} must be two non-negative integers, got ${shown(offsets)}`);
    const elements = elementsOf(who, name, shape);
    const bytes = (elements * bits[dtype]!) / 8;
    const [from, to] = offsets as [number, number];
    if (to - from !== bytes)
      throw new RangeError(
        `${who}: ${dataOffsets} must span ${bytes} bytes (${elements} × ${dtype}), got ${to - from}`,
      );
    return {
      from,
      to,
      tensor: { name, shape: shape as number[], dtype, elements, bytes, ...(shard === undefined ? {} : { shard }) },
    };
  });
  let end = 0;
  for (const { from, to, tensor } of [...placed].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const dataOffsets = `data_offsets of tensor ${shown(tensor.name)}`;
    if (from !== end)
      throw new RangeError(`${who}: ${dataOffsets} must start where the one before ends, ${end}, got ${from}`);
    end = to;
  }
  if (end !== dataBytes)
    throw new RangeError(`${who}: file must hold the ${end} data bytes that its header describes, got ${dataBytes}`);
  return { tensors: placed.map(({ tensor }) => tensor), metadata };
}

async function shards(folder: FileFolder, source: Source): Promise<Header> {
  const index = await jsonOf(source, "index");
  const map = index.weight_map;
  if (!isRecord(map)) throw new RangeError(`${who}: weight_map of the index must be an object, got ${shown(map)}`);
  const names = [...new Set(Object.values(map))];
  if (names.length > maxShards)
    throw new RangeError(`${who}: weight_map must name at most ${maxShards} files, got ${names.length}`);
  const tensors: FileTensor[] = [];
  for (const name of names) {
    // A shard lies beside its index: a path would let a file reach outside its folder.
    if (typeof name !== "string" || /[/\\]/.test(name) || !name.endsWith(".safetensors"))
      throw new RangeError(`${who}: weight_map must name .safetensors files beside the index, got ${shown(name)}`);
    tensors.push(...(await oneFile(await folder.open(who, name), name)).tensors);
  }
  const shardOf = new Map(onceEach(tensors).map((t) => [t.name, t.shard]));
  for (const [name, shard] of Object.entries(map)) {
    if (shardOf.get(name) === shard) continue;
    const got = shown(shardOf.get(name) ?? "no such tensor");
    throw new RangeError(`${who}: tensor ${shown(name)} must be in ${shown(shard)} as the index says, got ${got}`);
  }
  return { tensors, metadata: isRecord(index.metadata) ? index.metadata : {} };
}

function onceEach(tensors: FileTensor[]): FileTensor[] {
  const names = new Set(tensors.map((t) => t.name));
  if (names.size !== tensors.length)
    throw new RangeError(`${who}: shards must hold each tensor once, got ${tensors.length - names.size} twice`);
  return tensors;
}

/** The JSON object that `source` holds, which is closed. */
async function jsonOf(source: Source, what: string): Promise<Record<string, unknown>> {
  try {
    if (source.size > maxHeader)
      throw new RangeError(`${who}: ${what} must be at most ${maxHeader} bytes, got ${source.size}`);
    const value = parseJson(who, what, await source.read(0, source.size));
    if (!isRecord(value)) throw new RangeError(`${who}: ${what} must be a JSON object, got ${shown(value)}`);
    return value;
  } finally {
    await source.close();
  }
}

/** The file that a folder means, or all shards of the model that lies there without an index. */
async function located(folder: FileFolder): Promise<string | readonly string[]> {
  const names = [...(await folder.names())].sort();
  const indices = names.filter((name) => name.endsWith(".safetensors.index.json"));
  const files = names.filter((name) => name.endsWith(".safetensors"));
  const index = indices.includes("model.safetensors.index.json") ? "model.safetensors.index.json" : indices[0];
  if (index !== undefined) return index;
  if (files.includes("model.safetensors")) return "model.safetensors";
  const parts = files.filter((name) => /-\d+-of-\d+\.safetensors$/.test(name));
  const total = Number(/-of-(\d+)\./.exec(parts[0] ?? "")?.[1] ?? 0);
  if (parts.length > 0 && parts.length === total) return parts;
  if (parts.length === 0 && files.length === 1) return files[0]!;
  const got = `${shown(files.length === 0 ? "none" : files.slice(0, 4).join(", "))} in ${shown(folder.name)}`;
  throw new RangeError(`${who}: folder must hold model.safetensors, an index or all shards of one model, got ${got}`);
}

/** The config.json of a folder that has one, with what NVIDIA's tools keep in a file of its own. */
export async function configIn(folder: FileFolder): Promise<Record<string, unknown> | undefined> {
  const config = await jsonIn(folder, "config.json");
  if (config === undefined || config.quantization_config != null) return config;
  const beside = await jsonIn(folder, "hf_quant_config.json");
  if (!isRecord(beside?.quantization)) return config;
  return { ...config, quantization_config: { quant_method: "modelopt", ...beside.quantization } };
}

const jsonIn = async (folder: FileFolder, name: string): Promise<Record<string, unknown> | undefined> =>
  (await folder.has(name)) ? jsonOf(await folder.open(who, name), name) : undefined;
