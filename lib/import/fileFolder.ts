// Files that lie together: a folder under Node, or the files that a page was given.
import { shown } from "../check.js";
import { openSource, type Source } from "./bytes.js";
import { node } from "./node.js";
import { byteReader, type FileAtHand } from "./reader.js";

/** A folder; the name of a file in it may be a path with "/". */
export interface FileFolder {
  readonly name: string;
  /** What lies in it, not what lies deeper. */
  names(): Promise<readonly string[]>;
  has(name: string): Promise<boolean>;
  open(who: string, name: string): Promise<Source>;
}

/** The folder at `path`. */
export function folderAt(who: string, path: string): FileFolder {
  const { fs, path: paths } = node(who, path);
  return {
    name: path,
    names: () => fs.readdir(path),
    has: async (name) => (await fs.stat(paths.join(path, name)).catch(() => undefined))?.isFile() === true,
    open: (asker, name) => openSource(asker, paths.join(path, name)),
  };
}

/** `files` as a folder. Where all lie in one, as a page's do when a folder is dropped, they are named from there. */
export function folderOfFiles(who: string, files: readonly FileAtHand[]): FileFolder {
  if (files.length === 0) throw new RangeError(`${who}: files must be at least one, got none`);
  const readers = files.map(byteReader);
  const shared = commonFolder(readers.map(({ name }) => name));
  const named = new Map(readers.map((reader) => [reader.name.slice(shared.length), reader]));
  if (named.size !== readers.length)
    throw new RangeError(`${who}: files must have a name each, got ${readers.length} of ${named.size} names`);
  return {
    name: shared.slice(0, -1) || "files",
    names: async () => [...named.keys()].filter((name) => !name.includes("/")),
    has: async (name) => named.has(name),
    open: async (asker, name) => {
      const found = named.get(name);
      if (found) return openSource(asker, found);
      throw new RangeError(`${asker}: file must be readable, got ${shown(name)} (not among the files)`);
    },
  };
}

/** The longest path, with its last "/", that all of `names` start with. */
function commonFolder(names: readonly string[]): string {
  const [first = ""] = names;
  let shared = first.slice(0, first.lastIndexOf("/") + 1);
  while (!names.every((name) => name.startsWith(shared)))
    shared = shared.slice(0, shared.lastIndexOf("/", shared.length - 2) + 1);
  return shared;
}
