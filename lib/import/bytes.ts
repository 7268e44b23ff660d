// Opening what a caller names: a file at hand, or a path under Node. The formats live in their own files.
import { shown } from "../check.js";
import { node } from "./node.js";
import { byteReader, isAtHand, type ByteReader, type FileAtHand } from "./reader.js";

/** A path or a file: URL under Node, or a file at hand: its bytes, a File or Blob, a reader. */
export type FileOrBytes = string | { readonly href: string } | FileAtHand;

/** A file that is open. */
export interface Source extends ByteReader {
  close(): Promise<void>;
}

/** Opens `file`; Node's file system is asked for only when a path is given. Errors name the path on one line. */
export async function openSource(who: string, file: FileOrBytes): Promise<Source> {
  if (isAtHand(file)) {
    const reader = byteReader(file);
    return {
      name: reader.name,
      size: reader.size,
      read: (offset, length) => reader.read(offset, length),
      close: async () => {},
    };
  }
  if (typeof file !== "string" && !(file instanceof URL))
    throw new TypeError(`${who}: file must be a path, a Blob, a reader or a Uint8Array, got ${shown(file)}`);
  const { open } = node(who, file).fs;
  try {
    const handle = await open(file, "r");
    const stat = await handle.stat();
    const { size } = stat;
    if (!stat.isFile()) {
      await handle.close();
      throw Object.assign(new Error(), { code: "not a file" });
    }
    return {
      name: String(file),
      size,
      close: () => handle.close(),
      async read(offset, length) {
        const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        let filled = 0;
        while (filled < buffer.length) {
          const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      },
    };
  } catch (error) {
    throw new RangeError(
      `${who}: file must be readable, got ${shown(String(file))} (${(error as { code?: string }).code ?? "error"})`,
      { cause: error },
    );
  }
}

/** All bytes of `file`, or what `read` takes of them. They must be at most `most`; `kind`: what the error calls it. */
export async function wholeFile(
  who: string,
  file: FileOrBytes,
  kind: string,
  most: number,
  read: (source: Source) => Promise<Uint8Array> = (source) => source.read(0, source.size),
): Promise<Uint8Array> {
  const source = await openSource(who, file);
  try {
    if (source.size > most) throw new RangeError(`${who}: ${kind} must be at most ${most} bytes, got ${source.size}`);
    return await read(source);
  } finally {
    await source.close();
  }
}
