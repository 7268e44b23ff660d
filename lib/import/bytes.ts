// Reading parts of a file, or of bytes in memory, without reading the rest. The formats live in their own files.
import { shown } from "../check.js";

/** A path, a file: URL, or the file's own bytes. */
export type FileOrBytes = string | { readonly href: string } | Uint8Array;

/** Random access: `read` gives at most `length` bytes from `offset` on, fewer only at the end. */
export interface Source {
  readonly name: string;
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens `file`; Node's file system is loaded only when a path is given. Errors name the path on one line. */
export async function openSource(who: string, file: FileOrBytes): Promise<Source> {
  if (file instanceof Uint8Array)
    return {
      name: "bytes",
      size: file.length,
      read: async (offset, length) => file.subarray(offset, offset + length),
      close: async () => {},
    };
  if (typeof file !== "string" && !(file instanceof URL))
    throw new TypeError(`${who}: file must be a path or a Uint8Array, got ${shown(file)}`);
  const { open } = await import("node:fs/promises");
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
