// Brings a clone to where its commands work: Node packages, the built library, Python packages in .venv, the
// kernelspec. What is whole already is left as it is. Nothing outside this folder is written. Only Node's own modules:
// nothing is installed yet. The parts are in setup/.
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, ipython, python, root, venv } from "./setup/places.mjs";
import { lackOfNode, lacks } from "./setup/state.mjs";

export { python, root };

const run = fileURLToPath(new URL("setup/run.mjs", import.meta.url));

/** Ends the process where a part cannot be made; the reason has then been printed. */
function ensure(parts) {
  const lack = lackOfNode();
  if (lack) console.error(lack);
  if (lack) process.exit(1);
  if (Object.keys(lacks(parts)).length === 0) return;
  const { status } = spawnSync(process.execPath, [run, ...parts], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** What comes from a Python package index, and the kernel in it. */
export const setupPython = () => ensure(["venv", "kernel"]);

/** Everything that running a notebook needs. Quick when it is already there. */
export const setup = () => ensure(["packages", "library", "venv", "kernel"]);

/**
 * The environment of everything started from .venv: its programs first, and what Jupyter writes (trust, settings,
 * connections) in this folder.
 */
export const environment = () => ({
  ...process.env,
  PATH: [bin, process.env.PATH].join(delimiter),
  JUPYTER_PREFER_ENV_PATH: "1",
  JUPYTER_PLATFORM_DIRS: "1",
  JUPYTER_CONFIG_DIR: join(venv, "jupyter", "config"),
  JUPYTER_DATA_DIR: join(venv, "jupyter", "data"),
  JUPYTER_RUNTIME_DIR: join(venv, "jupyter", "runtime"),
  IPYTHONDIR: ipython,
  PYTHONUTF8: "1",
  NODE_NO_WARNINGS: "1",
});
