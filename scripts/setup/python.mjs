// The system's Python, of which .venv is made. PYTHON names another.
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { bin, windows } from "./places.mjs";

/** { program, version } of the first that will do, or { lack } with the sentence that says what to do. */
export function systemPython(named = process.env.PYTHON) {
  const usual = windows ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
  let old;
  for (const command of named ? [[named]] : usual) {
    const found = ask(command);
    if (!found) continue;
    const [major, minor] = found.version.split(".").map(Number);
    if (major > 3 || (major === 3 && minor >= 10)) return found;
    old = found.version;
  }
  if (old)
    return {
      lack:
        `Ridgepoint needs Python 3.10 or newer to run notebooks; found ${old}. ` +
        "Install a newer one, or name it: PYTHON=/path/to/python npm start.",
    };
  const found = named ? `PYTHON names ${named}, which does not run` : "found none";
  return {
    lack:
      `Ridgepoint needs Python 3.10 or newer to run notebooks, and ${found}. Install it ` +
      "from python.org or your system's packages, then run the command again.",
  };
}

/**
 * The program behind a name: not a starter of it, and not that of a virtual environment, which may be the one to be
 * made anew.
 */
function ask([name, ...args]) {
  const script =
    "import sys; print('%d.%d' % sys.version_info[:2]); " +
    "print(getattr(sys, '_base_executable', None) or sys.executable)";
  // Who has .venv activated has it first on the PATH.
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== bin)
    .join(delimiter);
  const { status, stdout } = spawnSync(name, [...args, "-c", script], {
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  if (status !== 0) return undefined;
  const [version, program] = stdout.trim().split(/\r?\n/);
  return { version, program: program || name };
}
