// What a word on the command line stands for: a file by its ending, a folder that is there, else a model's name.
import { stat } from "node:fs/promises";
import { shown } from "../check.js";
import { endings, type Asked } from "../explore/source.js";
import { folderAt } from "../import/fileFolder.js";
import { plainName } from "../lookUp.js";
import { modelNames } from "../models/index.js";

/** Throws in one line for a file that is not there. */
export async function askedOf(who: string, word: string): Promise<Asked> {
  const isFile = endings.some((ending) => word.toLowerCase().endsWith(ending));
  if (!isFile && (await isFolder(word))) return { kind: "folder", name: word, folder: folderAt(who, word) };
  if (!isFile) return { kind: "model", name: word };
  await mustExist(who, word);
  return { kind: "file", name: word, file: word };
}

async function mustExist(who: string, path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (!found.isDirectory() && !found.isFile())
      throw new RangeError(`${who}: ${shown(path)} must be a file, got something else`);
    if (found.isDirectory() && endings.some((ending) => path.endsWith(ending)))
      throw new RangeError(`${who}: ${shown(path)} must be a file, got a folder`);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new RangeError(`${who}: file must be one that can be read, got ${shown(path)} (${code})`, { cause: error });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) return false;
    // A model's name wins over a folder of that name: "./resnet50" is the folder.
    return /[/\\]|^\./.test(path) || !modelNames.some((name) => plainName(name) === plainName(path));
  } catch {
    return false;
  }
}
