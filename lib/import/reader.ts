// Random access to a file that is never read whole: all that an importer needs of one. No file system is known here: a
// page gives its files as they are.
import { shown } from "../check.js";

/** A file to read parts of. */
export interface ByteReader {
  /** What it is called; in a folder its place there, with "/". */
  readonly name: string;
  /** Its bytes. */
  readonly size: number;
  /** At most `length` bytes from `offset` on; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A page's File or Blob. */
export interface BlobLike {
  /** Its bytes. */
  readonly size: number;
  /** A file's name. */
  readonly name?: string;
  /** A file's place in the folder that was given, where one was. */
  readonly webkitRelativePath?: string;
  /** A part of it. */
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A file that is at hand: its bytes, a page's File or Blob, or anything that reads. */
export type FileAtHand = Uint8Array | BlobLike | ByteReader;

const isReader = (file: object): file is ByteReader =>
  "read" in file && typeof file.read === "function" && "size" in file && Number.isSafeInteger(file.size);

const isBlob = (file: object): file is BlobLike =>
  "slice" in file && typeof file.slice === "function" && "size" in file && Number.isSafeInteger(file.size);

/** Whether `file` can be read as it is. */
export const isAtHand = (file: unknown): file is FileAtHand =>
  file instanceof Uint8Array || (typeof file === "object" && file !== null && (isReader(file) || isBlob(file)));

/** How parts of `file` are read; what has no name is called "bytes". Throws a TypeError for what cannot be read. */
export function byteReader(file: FileAtHand): ByteReader {
  if (!isAtHand(file))
    throw new TypeError(`byteReader: file must be a Blob, a reader or a Uint8Array, got ${shown(file)}`);
  if (file instanceof Uint8Array)
    return {
      name: "bytes",
      size: file.length,
      read: async (offset, length) => file.subarray(offset, offset + length),
    };
  if (isReader(file)) return file;
  return {
    name: file.webkitRelativePath || file.name || "bytes",
    size: file.size,
    async read(offset, length) {
      const end = Math.min(offset + length, file.size);
      return new Uint8Array(await file.slice(Math.min(offset, end), end).arrayBuffer());
    },
  };
}
