// Brings a clone to where its commands work: Node packages, the built library, Python packages in .venv, the kernelspec. Each step is skipped when
// its result is newer than what it is made from. Nothing outside this folder is written. Only Node's own modules: nothing is installed yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";
const bin = join(root, ".venv", windows ? "Scripts" : "bin");
export const python = join(bin, windows ? "python.exe" : "python");

/** Ends the process with one sentence that says what to do. */
export function give(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Runs `command`; on failure prints what it said and ends with `sentence`. `npm` is a script on Windows, which only a shell starts. */
function step(command, args, sentence, options = {}) {
  const done = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, shell: windows && command === "npm", ...options });
  if (done.status === 0) return done.stdout;
  const said = `${done.stdout ?? ""}${done.stderr ?? ""}`.trim().split("\n").slice(-12).join("\n");
  if (said) console.error(said);
  return give(sentence);
}

const newest = (folder, accept) => Math.max(0, ...readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
  const path = join(folder, e.name);
  if (e.isDirectory()) return e.name === "dist" || e.name === "node_modules" ? [] : [newest(path, accept)];
  return accept(e.name) ? [statSync(path).mtimeMs] : [];
}));
const time = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** The stamp of a step: what it was made from, so that a touched file does not repeat it and a changed one does. */
const stampOf = (...files) => createHash("sha256").update(files.map((f) => readFileSync(join(root, f))).join("\0")).digest("hex");

function node() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) give(`Ridgepoint needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node from nodejs.org.`);
}

function packages() {
  const stamp = join(root, "node_modules", ".ridgepoint"), wanted = stampOf("package-lock.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  // A tree that npm itself has just installed from this lock file needs no second installation.
  const npm = join(root, "node_modules", ".package-lock.json");
  if (!(time(npm) >= time(join(root, "package-lock.json")) && existsSync(join(root, "node_modules", "tslab")))) {
    console.log("installing Node packages …");
    step("npm", ["ci", "--no-audit", "--no-fund"], "npm ci failed; the lines above say why. If it was the connection: Ridgepoint needs the npm registry for its first run, so check it and run the command again.");
  }
  writeFileSync(stamp, wanted);
}

function library() {
  if (time(join(root, "lib", "dist", "index.js")) >= newest(join(root, "lib"), (name) => /\.(ts|json)$/.test(name))) return;
  console.log("building the library …");
  step("npm", ["run", "build", "--silent"], "The library does not build; the lines above say where.");
}

function pythonPackages() {
  const stamp = join(root, ".venv", ".ridgepoint"), wanted = stampOf("requirements.txt");
  if (existsSync(stamp) && existsSync(python) && readFileSync(stamp, "utf8") === wanted) return;
  const found = existsSync(python) ? undefined : systemPython();
  console.log("installing JupyterLab and nbconvert into .venv …");
  if (found) {
    rmSync(join(root, ".venv"), { recursive: true, force: true });
    step(found[0], [...found.slice(1), "-m", "venv", ".venv"], "Python could not make a virtual environment; on Debian or Ubuntu install the package python3-venv, then run the command again.");
  }
  step(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"], "pip could not install requirements.txt: Ridgepoint needs a Python package index for its first run; check the connection, then run the command again.");
  // JupyterLab starts scripts of its own with Node, which would take them for modules, as this folder's are.
  writeFileSync(join(root, ".venv", "package.json"), '{ "type": "commonjs" }\n');
  writeFileSync(stamp, wanted);
}

function systemPython() {
  const named = process.env.PYTHON, candidates = named ? [[named]] : windows ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
  let old;
  for (const command of candidates) {
    const { status, stdout } = spawnSync(command[0], [...command.slice(1), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], { encoding: "utf8" });
    if (status !== 0) continue;
    const [major, minor] = stdout.trim().split(".").map(Number);
    if (major > 3 || (major === 3 && minor >= 10)) return command;
    old = stdout.trim();
  }
  if (old) return give(`Ridgepoint needs Python 3.10 or newer to run notebooks; found ${old}. Install a newer one, or name it: PYTHON=/path/to/python npm start.`);
  return give(`Ridgepoint needs Python 3.10 or newer to run notebooks, and ${named ? `PYTHON names ${named}, which does not run` : "found none"}. Install it from python.org or your system's packages, then run the command again.`);
}

/** The kernel named tslab, in .venv, with absolute paths: no host needs to find node or tslab. */
function kernelspec() {
  const folder = join(root, ".venv", "share", "jupyter", "kernels", "tslab"), file = join(folder, "kernel.json");
  const text = `${JSON.stringify({ argv: [process.execPath, join(root, "kernel", "tslab.cjs"), "--config-path", "{connection_file}"], display_name: "TypeScript", language: "typescript" }, null, 1)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
}

/** What comes from a Python package index, and the kernel in it. */
export function setupPython() {
  pythonPackages();
  mkdirSync(join(root, ".venv", "jupyter", "ipython"), { recursive: true }); // IPython warns of a folder that it must make itself
  kernelspec();
}

/** Everything that running a notebook needs. Quick when it is already there. */
export function setup() {
  node();
  packages();
  library();
  setupPython();
}

/** The environment of everything started from .venv: its programs first, and what Jupyter writes (trust, settings, connections) in this folder. */
export const environment = () => ({
  ...process.env,
  PATH: [bin, process.env.PATH].join(delimiter),
  JUPYTER_PREFER_ENV_PATH: "1",
  JUPYTER_PLATFORM_DIRS: "1",
  JUPYTER_CONFIG_DIR: join(root, ".venv", "jupyter", "config"),
  JUPYTER_DATA_DIR: join(root, ".venv", "jupyter", "data"),
  JUPYTER_RUNTIME_DIR: join(root, ".venv", "jupyter", "runtime"),
  IPYTHONDIR: join(root, ".venv", "jupyter", "ipython"),
  PYTHONUTF8: "1",
  NODE_NO_WARNINGS: "1",
});
