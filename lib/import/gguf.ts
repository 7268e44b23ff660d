// fromGguf: the header of a GGUF file, its claims checked against the file's size. How it is read stands in
// ggufHeader.ts.
import { shown } from "../check.js";
import { openSource, type FileOrBytes, type Source } from "./bytes.js";
import { folderOfFiles } from "./fileFolder.js";
import { ggmlTypes } from "./ggmlTypes.js";
import { configFromGguf } from "./ggufConfig.js";
import { readHeader, type GgufTensor } from "./ggufHeader.js";
import { isAtHand, type FileAtHand } from "./reader.js";
import { elementsOf, totals, type FileTensor, type TensorFile } from "./tensorFile.js";

const who = "fromGguf";
/**
 * Bytes that a metadata entry and a tensor's description take at least: a length, a type and a value; a length, a rank,
 * a type and an offset.
 */
const leastEntry = 13;
const leastTensor = 24;

/**
 * Reads a header: `{format, params, bytes, bytesByDtype, tensors, metadata, architecture?, config?}`. Bytes are those
 * of GGML's blocks, scales included. Shapes are in PyTorch's order (rows first), the reverse of the file's. `file`: a
 * path or a file at hand; weights are never read. Of a split model all parts beside the path, or in the list, are read.
 * `config` is a Hugging Face configuration where the architecture is a decoder that one describes, else `why` says what
 * is in the way. Metadata lists above 256 items are given as `{ items: n }`. Throws a RangeError that names the offset
 * or the tensor when the file is cut short, claims more than it can hold, or holds no tensors.
 */
export async function fromGguf(file: FileOrBytes | readonly FileAtHand[]): Promise<TensorFile> {
  const { metadata, tensors } = await (Array.isArray(file) ? amongFiles(file) : besidePath(file as FileOrBytes));
  if (tensors.length === 0) throw new RangeError(`${who}: file must hold tensors, got none: a vocabulary is no model`);
  const architecture = metadata["general.architecture"];
  return {
    format: "gguf",
    ...totals(tensors),
    tensors,
    metadata,
    ...(typeof architecture === "string" ? { architecture } : {}),
    ...configFromGguf(metadata, tensors),
  };
}

interface Header {
  readonly metadata: Record<string, unknown>;
  readonly tensors: readonly FileTensor[];
}

async function headerOf(source: Source): Promise<Header> {
  try {
    const { little, version, counts } = await checkedCounts(source);
    const { metadata: entries, tensors, dataOffset } = await readHeader(source, little, counts);
    return {
      metadata: Object.fromEntries([
        ["version", version],
        ["tensor_count", counts.tensors],
        ["kv_count", counts.entries],
        ...entries.map(([key, value]) => [text("metadata key", key), plain(value)] as const),
      ]),
      tensors: tensors.map((t) => described(t, dataOffset, source.size)),
    };
  } finally {
    await source.close();
  }
}

/** The header of `file`, with the other parts of its model where it is a path and there are some. */
async function besidePath(file: FileOrBytes): Promise<Header> {
  const source = await openSource(who, file);
  const path = isAtHand(file) ? "" : source.name.replace(/^file:\/\//, "");
  return whole(await headerOf(source), path || source.name, path ? (name) => openSource(who, name) : undefined);
}

/** The header of the first of `files`, with the other parts of its model. */
async function amongFiles(files: readonly FileAtHand[]): Promise<Header> {
  const folder = folderOfFiles(who, files);
  const [first = ""] = [...(await folder.names())].sort();
  const open = (name: string): Promise<Source> => folder.open(who, name);
  return whole(await headerOf(await open(first)), first, open);
}

/** `first` with the other parts of its model, where there are some; the first part has the metadata. */
async function whole(first: Header, path: string, open?: (name: string) => Promise<Source>): Promise<Header> {
  const count = first.metadata["split.count"];
  if (typeof count !== "number" || count <= 1) return first;
  const named = /^(.*-)\d{5}-of-(\d{5})\.gguf$/s.exec(path);
  if (!open || !named || Number(named[2]) !== count) {
    const must = `must be named …-00001-of-${String(count).padStart(5, "0")}.gguf beside the others`;
    throw new RangeError(`${who}: a part of a split model ${must}, got ${shown(path)}`);
  }
  const parts: Header[] = [];
  for (let i = 1; i <= count; i++) {
    const part = await headerOf(await open(`${named[1]}${String(i).padStart(5, "0")}-of-${named[2]}.gguf`));
    if (part.metadata["split.count"] !== count || part.metadata["split.no"] !== i - 1)
      throw new RangeError(
        `${who}: split.no of part ${i} must be ${i - 1} of ${count}, got ${shown(part.metadata["split.no"])}`,
      );
    parts.push(part);
  }
  const { metadata } = parts[0]!;
  const tensors = parts.flatMap((part) => part.tensors);
  const all = metadata["split.tensors.count"];
  if (all !== undefined && all !== tensors.length)
    throw new RangeError(`${who}: parts must hold ${shown(all)} tensors together, got ${tensors.length}`);
  return { metadata, tensors };
}

async function checkedCounts(source: Source) {
  const head = await source.read(0, 24);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 24)
    throw new RangeError(`${who}: file must start with a header of 24 bytes, got ${head.length} bytes`);
  if (view.getUint32(0, false) !== 0x47475546)
    throw new RangeError(
      `${who}: magic at offset 0 must be "GGUF", got ${shown(String.fromCharCode(...head.subarray(0, 4)))}`,
    );
  const little = (view.getUint32(4, true) & 0xffff) !== 0;
  const version = view.getUint32(4, little);
  if (version < 2 || version > 3) throw new RangeError(`${who}: version at offset 4 must be 2 or 3, got ${version}`);
  const tensors = view.getBigUint64(8, little);
  const entries = view.getBigUint64(16, little);
  const room = source.size - 24;
  const fits = (what: string, offset: number, count: bigint, least: number): void => {
    const must = `must fit the ${room} bytes that follow at ${least} bytes each`;
    if (count * BigInt(least) > BigInt(room))
      throw new RangeError(`${who}: ${what} at offset ${offset} ${must}, got ${count}`);
  };
  fits("tensor count", 8, tensors, leastTensor);
  fits("metadata count", 16, entries, leastEntry);
  return { little, version, counts: { tensors: Number(tensors), entries: Number(entries) } };
}

function described(t: GgufTensor, dataOffset: number, size: number): FileTensor {
  const name = text("tensor name", t.name);
  const shape = t.shape.map(Number).reverse();
  const type = ggmlTypes.get(t.dtype);
  if (!type) throw new RangeError(`${who}: type of tensor ${shown(name)} must be a GGML type, got ${t.dtype}`);
  const elements = elementsOf(who, name, shape);
  const row = shape.at(-1) ?? 1;
  if (row % type.blockElements !== 0)
    throw new RangeError(
      `${who}: rows of tensor ${shown(name)} must be a multiple of ${type.blockElements} for ${type.name}, got ${row}`,
    );
  const bytes = (elements / type.blockElements) * type.blockBytes;
  const end = dataOffset + Number(t.offset) + bytes;
  if (end > size)
    throw new RangeError(
      `${who}: tensor ${shown(name)} must end within the file's ${size} bytes, got an end at offset ${end}`,
    );
  return { name, shape, dtype: type.name, elements, bytes };
}

/** Reading puts U+FFFD where bytes are no UTF-8. */
function text(what: string, value: string): string {
  if (value.includes("\ufffd")) throw new RangeError(`${who}: ${what} must be UTF-8, got ${shown(value)}`);
  return value;
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  return value;
}
