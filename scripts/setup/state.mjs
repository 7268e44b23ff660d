// What is already there and whole: read, never written. Each function returns why a thing must be made, in a few words,
// or undefined. A thing may be half made (its maker was killed), stale, or have been moved with the folder.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ipython, python, realRoot, root, venv, venvStamp } from "./places.mjs";

const digest = (texts) => createHash("sha256").update(texts.join("\0")).digest("hex");

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function recordOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * This Node runs the kernel: an ES module, as the library is one, loads by `require`. Not so before 20.19, and not from
 * 21 to 22.11.
 */
export function lackOfNode(features = process.features, version = process.versions.node) {
  if (features.require_module) return undefined;
  return (
    "Ridgepoint needs Node 20.19 or newer of the 20s, or 22.12 or newer; " +
    `this is ${version}. Install a newer Node from nodejs.org.`
  );
}

/**
 * `lock` is package-lock.json, `installed` npm's own record, which it writes into node_modules at the end of an
 * installation.
 */
export function lackOfPackages(lock, installed, has) {
  if (!installed) return "there are none";
  for (const [path, { version, optional, devOptional }] of Object.entries(lock.packages)) {
    const is = installed.packages[path];
    if (!path || (!is && (optional || devOptional))) continue; // the root itself; a package for other systems
    if (is?.version !== version) return `package-lock.json asks for another ${path.replace(/^.*node_modules\//, "")}`;
  }
  const lost = Object.keys(installed.packages).find((path) => !has(`${path}/package.json`));
  return lost && `${lost} is missing`;
}

/** npm's own record, without which node_modules counts as not installed. */
export const npmRecord = join(root, "node_modules", ".package-lock.json");

export const packagesLack = () =>
  lackOfPackages(
    recordOf(join(root, "package-lock.json")),
    recordOf(npmRecord),
    (path) => sizeOf(join(root, path)) > 0, // on a full disk npm leaves empty files, and only warns of them
  );

/** Written last into lib/dist: the digest of what it was built from. Absent while a build goes on. */
export const built = join(root, "lib", "dist", ".sources");

export function sourcesOfLibrary() {
  const files = [join(root, "tsconfig.json"), ...["lib", "page"].flatMap((room) => sourcesIn(join(root, room)))];
  return digest(files.flatMap((path) => [path.slice(root.length), readFileSync(path, "utf8")]));
}

/** All but what is made: dist. */
function sourcesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["dist", "node_modules"].includes(entry.name) ? [] : sourcesIn(path);
    return /\.(ts|mjs|json)$/.test(entry.name) ? [path] : [];
  });
}

/** Written last beside the WebAssembly modules. */
const modules = join(root, "lib", "kernels", "wasm", ".sources");

/** Written last of what page/build.mjs makes. */
const programs = join(root, "page", "dist", "worker.txt");

export function libraryLack() {
  if (!existsSync(modules)) return "its WebAssembly is not built";
  if (!existsSync(programs)) return "what pages run is not built";
  return textOf(built) === sourcesOfLibrary() ? undefined : "it is not built from what lib and page hold";
}

const requirements = () => readFileSync(join(root, "requirements.txt"), "utf8");

/** What .venv's stamp says when it is whole. */
export const venvWanted = (version) => ({ requirements: digest([requirements()]), folder: realRoot, python: version });

/**
 * Why .venv must be made anew. `stamp` is what its maker wrote last; `answer` is what its interpreter says now: its
 * version, and which of the packages asked for it lacks. An environment holds absolute paths, and a half-installed one
 * may look whole to pip: neither can be repaired.
 */
export function lackOfVenv(exists, stamp, wanted, answer) {
  if (!exists) return "there is none";
  if (!stamp) return "the one there was not finished";
  if (stamp.folder !== wanted.folder) return "the one there was made in another folder";
  if (!answer) return "its Python no longer runs";
  if (stamp.python !== answer.version) return `it was made for Python ${stamp.python}, which is ${answer.version} now`;
  if (stamp.requirements !== wanted.requirements) return "requirements.txt has changed";
  return answer.missing.length > 0 ? `it has lost ${answer.missing.join(", ")}` : undefined;
}

export function venvLack() {
  const stamp = recordOf(venvStamp);
  return lackOfVenv(existsSync(venv), stamp, venvWanted(), stamp && askPython());
}

/** What .venv's Python says of itself; undefined where it does not run. */
export function askPython() {
  const names = [...requirements().matchAll(/^([\w-]+)==/gm)].map(([, name]) => name.replaceAll("-", "_"));
  const script =
    "import json, sys; from importlib.util import find_spec; " +
    "print(json.dumps({'version': '%d.%d' % sys.version_info[:2], " +
    "'missing': [n for n in sys.argv[1:] if not find_spec(n)]}))";
  const { status, stdout } = spawnSync(python, ["-I", "-c", script, "pip", ...names], { encoding: "utf8" });
  if (status !== 0) return undefined;
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** Small files in .venv, by path. The kernelspec has absolute paths, so that no host needs to find node or tslab. */
export function smallFiles() {
  const argv = [process.execPath, join(root, "kernel", "tslab.cjs"), "--config-path", "{connection_file}"];
  const spec = { argv, display_name: "TypeScript", language: "typescript" };
  return {
    [join(venv, "share", "jupyter", "kernels", "tslab", "kernel.json")]: `${JSON.stringify(spec, null, 1)}\n`,
    // JupyterLab starts scripts of its own with Node, which would take them for modules, as this folder's are.
    [join(venv, "package.json")]: '{ "type": "commonjs" }\n',
  };
}

export function smallFilesLack() {
  const stale = Object.entries(smallFiles()).filter(([path, text]) => textOf(path) !== text);
  return stale.length > 0 || !existsSync(ipython) ? "the kernel is not in it" : undefined;
}

/** What is lacking, step by step, as { packages?, library?, venv?, kernel? }; empty where everything is whole. */
export function lacks(parts = ["packages", "library", "venv", "kernel"]) {
  const looks = { packages: packagesLack, library: libraryLack, venv: venvLack, kernel: smallFilesLack };
  const found = parts.map((part) => [part, looks[part]()]);
  return Object.fromEntries(found.filter(([, lack]) => lack));
}
