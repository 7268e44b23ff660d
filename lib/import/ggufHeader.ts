// The header of a GGUF file as it stands there, read part by part: every length is checked against what the file has
// left before it is believed. Format: github.com/ggml-org/ggml, docs/gguf.md.
import { shown } from "../check.js";
import type { ByteReader } from "./reader.js";

const who = "fromGguf";
const partBytes = 2 ** 20;
/** Longer lists (a tokenizer's vocabulary) are given by their length alone, as `{ items }`. */
const keptItems = 256;
const maxDepth = 8;
const maxDims = 8;
/** Far above what any model's header has, and small enough to be held. */
const maxText = 1e7;
const maxEntries = 1e5;
const maxTensors = 1e7;
const maxItems = 1e7;

/** A tensor's description; `shape` has the file's order. */
export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly bigint[];
  readonly dtype: number;
  readonly offset: bigint;
}

/** What a header says. */
export interface GgufHeader {
  readonly metadata: readonly (readonly [key: string, value: unknown])[];
  readonly tensors: readonly GgufTensor[];
  /** Where the tensors' data start. */
  readonly dataOffset: number;
}

const decoder = new TextDecoder();

/** Steps through a file; `need` brings the bytes that the next values stand in. */
function cursorOf(file: ByteReader, little: boolean, start: number) {
  let part: DataView = new DataView(new ArrayBuffer(0));
  let partAt = start;
  let at = start;
  const refused = (got: string, offset = at): RangeError =>
    new RangeError(`${who}: header must be GGUF within the file's ${file.size} bytes, got ${got} at offset ${offset}`);
  /** Refuses a claim of more bytes than are left. */
  const room = (what: string, bytes: number): void => {
    if (bytes > file.size - at) throw refused(`${what} of ${bytes} bytes`);
  };
  const need = async (what: string, bytes: number): Promise<number> => {
    room(what, bytes);
    if (at < partAt || at + bytes > partAt + part.byteLength) {
      const read = await file.read(at, Math.max(bytes, Math.min(partBytes, file.size - at)));
      if (read.length < bytes) throw refused(`${read.length} bytes to read`);
      part = new DataView(read.buffer, read.byteOffset, read.length);
      partAt = at;
    }
    const from = at - partAt;
    at += bytes;
    return from;
  };
  return {
    at: () => at,
    refused,
    room,
    /** A value of fixed width. */
    async value<T>(what: string, { width, take }: Fixed<T>): Promise<T> {
      const from = await need(what, width);
      return take(part, from, little);
    },
    async text(what: string): Promise<string> {
      const length = Number(await this.value(`length of ${what}`, u64));
      if (length > maxText) throw refused(`${what} of ${length} bytes`);
      const from = await need(what, length);
      return decoder.decode(new Uint8Array(part.buffer, part.byteOffset + from, length));
    },
    skip(what: string, bytes: number): void {
      room(what, bytes);
      at += bytes;
    },
  };
}
type Cursor = ReturnType<typeof cursorOf>;

interface Fixed<T = unknown> {
  readonly width: number;
  take(view: DataView, at: number, little: boolean): T;
}
const u32: Fixed<number> = { width: 4, take: (v, at, little) => v.getUint32(at, little) };
const u64: Fixed<bigint> = { width: 8, take: (v, at, little) => v.getBigUint64(at, little) };
const textType = 8;
const listType = 9;
const fixed: Readonly<Record<number, Fixed>> = {
  0: { width: 1, take: (v, at) => v.getUint8(at) },
  1: { width: 1, take: (v, at) => v.getInt8(at) },
  2: { width: 2, take: (v, at, little) => v.getUint16(at, little) },
  3: { width: 2, take: (v, at, little) => v.getInt16(at, little) },
  4: u32,
  5: { width: 4, take: (v, at, little) => v.getInt32(at, little) },
  6: { width: 4, take: (v, at, little) => v.getFloat32(at, little) },
  7: { width: 1, take: (v, at) => v.getUint8(at) !== 0 },
  10: u64,
  11: { width: 8, take: (v, at, little) => v.getBigInt64(at, little) },
  12: { width: 8, take: (v, at, little) => v.getFloat64(at, little) },
};

/** The header behind its first 24 bytes, which have said the byte order and both counts. */
export async function readHeader(
  file: ByteReader,
  little: boolean,
  counts: { readonly tensors: number; readonly entries: number },
): Promise<GgufHeader> {
  const cursor = cursorOf(file, little, 24);
  if (counts.entries > maxEntries) throw cursor.refused(`${counts.entries} metadata entries`);
  if (counts.tensors > maxTensors) throw cursor.refused(`${counts.tensors} tensors`);
  const metadata: [string, unknown][] = [];
  for (let i = 0; i < counts.entries; i++) {
    const key = await cursor.text("a metadata key");
    metadata.push([key, await valueOf(cursor, await cursor.value("a type", u32), 0)]);
  }
  const tensors: GgufTensor[] = [];
  for (let i = 0; i < counts.tensors; i++) tensors.push(await tensorOf(cursor));
  const given = metadata.findLast(([key]) => key === "general.alignment")?.[1] ?? 32;
  const alignment = Number(given);
  if (!Number.isSafeInteger(alignment) || alignment <= 0)
    throw new RangeError(`${who}: general.alignment must be a positive integer, got ${shown(given)}`);
  return { metadata, tensors, dataOffset: Math.ceil(cursor.at() / alignment) * alignment };
}

async function valueOf(cursor: Cursor, type: number, depth: number): Promise<unknown> {
  if (type === textType) return cursor.text("a text");
  if (type === listType) return listOf(cursor, depth + 1);
  const known = fixed[type];
  if (known === undefined) throw cursor.refused(`a value of type ${type}`);
  return cursor.value("a value", known);
}

async function listOf(cursor: Cursor, depth: number): Promise<unknown> {
  if (depth > maxDepth) throw cursor.refused(`lists more than ${maxDepth} deep`);
  const type = await cursor.value("a list's type", u32);
  const items = Number(await cursor.value("a list's length", u64));
  const width = fixed[type]?.width;
  if (items > maxItems) throw cursor.refused(`a list of ${items} items`);
  // A text takes 8 bytes at least, a list 12.
  cursor.room(`a list of ${items} items`, items * (width ?? 8));
  if (items <= keptItems) {
    const list: unknown[] = [];
    for (let i = 0; i < items; i++) list.push(await valueOf(cursor, type, depth));
    return list;
  }
  if (width !== undefined) cursor.skip("a list", items * width);
  else if (type === textType)
    for (let i = 0; i < items; i++) cursor.skip("a text", Number(await cursor.value("length of a text", u64)));
  else for (let i = 0; i < items; i++) await valueOf(cursor, type, depth);
  return { items };
}

async function tensorOf(cursor: Cursor): Promise<GgufTensor> {
  const name = await cursor.text("a tensor's name");
  const rank = await cursor.value("a tensor's rank", u32);
  if (rank > maxDims) throw cursor.refused(`a tensor of ${rank} dimensions`);
  const shape: bigint[] = [];
  for (let i = 0; i < rank; i++) shape.push(await cursor.value("a tensor's size", u64));
  const dtype = await cursor.value("a tensor's type", u32);
  return { name, shape, dtype, offset: await cursor.value("a tensor's offset", u64) };
}
