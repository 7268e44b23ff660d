// Where the set-up keeps what it makes. All of it lies in the project's folder.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folder's one spelling: without links, and on Windows with the disk's own letters. */
export const realRoot = realpathSync.native(root);

export const windows = process.platform === "win32";
export const venv = join(root, ".venv");
export const bin = join(venv, windows ? "Scripts" : "bin");
export const python = join(bin, windows ? "python.exe" : "python");

/** Written last into .venv: what it was made from, and where. */
export const venvStamp = join(venv, ".ridgepoint");

/** IPython warns of a folder that it must make itself. */
export const ipython = join(venv, "jupyter", "ipython");

/** The lock and what is not yet in its place. It is there only while something is being made. */
const workshop = join(root, ".setup");
export const lockPath = join(workshop, "lock");
