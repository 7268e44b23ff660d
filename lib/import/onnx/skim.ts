// An ONNX file of which the weights are not read: they fill it, and of a large one only its beginning is looked at.
import type { ByteReader } from "../reader.js";

/** Files below this are read whole. */
const large = 2 ** 26;
/** How much of a tensor is read; rotary tables and masks are known by their first rows. */
const beginning = 2 ** 20;
/** How much is read at once. */
const chunk = 2 ** 18;

/**
 * The bytes of `file`, with zeros in place of what lies behind the beginnings of large tensors. One that could be a
 * computed table, of few different words or starting with 1, is read whole, and so is what is no protobuf.
 */
export async function skimmed(
  file: ByteReader,
  { from = large, keep = beginning }: { from?: number; keep?: number } = {},
): Promise<Uint8Array> {
  if (file.size < from) return file.read(0, file.size);
  const bytes = new Uint8Array(file.size);
  let done = 0;
  /** Reads what is not yet read up to `end`, in the order of the file. */
  const upTo = async (end: number): Promise<void> => {
    while (done < Math.min(end, file.size)) {
      const part = await file.read(done, Math.max(chunk, Math.min(end - done, 64 * chunk)));
      bytes.set(part, done);
      if (part.length === 0) throw new RangeError(`fromOnnx: file must hold ${file.size} bytes, got ${done}`);
      done += part.length;
    }
  };
  const varint = async (at: number): Promise<[value: number, next: number] | undefined> => {
    await upTo(at + 10);
    let value = 0;
    for (let i = 0; i < 8 && at + i < bytes.length; i++) {
      value += (bytes[at + i]! & 0x7f) * 2 ** (7 * i);
      if (bytes[at + i]! < 0x80) return [value, at + i + 1];
    }
    return undefined;
  };
  /** Walks the fields from `at` to `end`; of those on the way to weights the inside. False where they do not add up. */
  async function walk(at: number, end: number, way: readonly number[]): Promise<boolean> {
    while (at < end) {
      const tag = await varint(at);
      if (!tag) return false;
      const [number, type] = [Math.floor(tag[0] / 8), tag[0] % 8];
      if (type !== 2) {
        const next = type === 0 ? (await varint(tag[1]))?.[1] : tag[1] + (type === 5 ? 4 : 8);
        if (next === undefined || ![0, 1, 5].includes(type)) return false;
        at = next;
        continue;
      }
      const length = await varint(tag[1]);
      if (!length || length[1] + length[0] > end) return false;
      const last = length[1] + length[0];
      if (number === way[0] && way.length > 1) {
        if (!(await walk(length[1], last, way.slice(1)))) return false;
      } else if (number === way[0] && length[0] > 2 * Math.max(keep, chunk)) {
        await upTo(length[1] + keep);
        if (couldBeComputed(bytes.subarray(length[1], length[1] + keep))) await upTo(last);
        done = Math.max(done, last);
      } else await upTo(last);
      at = last;
    }
    return at === end;
  }
  // A model's graph (7), its initialisers (5), their raw_data (9).
  const whole = await walk(0, file.size, [7, 5, 9]);
  return whole ? bytes : file.read(0, file.size);
}

const words = 256;

/** Few different words, as masks have, or a first number of 1, as frequencies have. */
function couldBeComputed(start: Uint8Array): boolean {
  const hex = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (/^(0000803f|003c|803f|000000000000f03f)/.test(hex)) return true;
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  const seen = new Set<number>();
  for (let i = 0; i + 4 <= start.length && seen.size <= words; i += 4) seen.add(view.getUint32(i));
  return seen.size <= words;
}
