// Files that a reader chose or dropped, under their places in the folder that was given. Nothing is read here.
import type { GivenFile } from "./messages.js";

/** More than a model's folder has. */
const most = 2000;

/** What a file input holds. */
export const chosenFiles = (input: HTMLInputElement): GivenFile[] =>
  [...(input.files ?? [])].slice(0, most).map((blob) => ({ path: blob.webkitRelativePath || blob.name, blob }));

/** What was dropped; of folders the files in them. */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  // Entries must be asked for at once: behind the first wait the transfer is empty.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...transfer.files];
  const found: GivenFile[] = [];
  for (const entry of entries) if (entry) await collect(entry, found);
  return found.length > 0 ? found : plain.map((blob) => ({ path: blob.name, blob }));
}

async function collect(entry: FileSystemEntry, found: GivenFile[]): Promise<void> {
  if (found.length >= most) return;
  if (entry.isFile) {
    const blob = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ""), blob });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // It gives a hundred at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await collect(each, found);
  }
}
