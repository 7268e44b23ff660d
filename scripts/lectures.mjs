// What the commands on the lectures share: lectures.py, run in the set-up environment, and where it writes.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { environment, python, root, setup } from "./setup.mjs";

/** Sets up, then runs lectures.py with `action` and the command's own arguments; its exit code. */
export function lectures(action) {
  setup();
  const args = [join(root, "scripts", "lectures.py"), action, ...process.argv.slice(2)];
  const { status } = spawnSync(python, args, { cwd: root, stdio: "inherit", env: environment() });
  return status ?? 1;
}

/** The folder that --output names, or `usual`, in full. lectures.py reads it in the project's folder. */
export function outputFolder(usual) {
  const args = process.argv.slice(2);
  const at = args.findIndex((arg) => arg === "--output" || arg.startsWith("--output="));
  if (at < 0) return join(root, usual);
  const named = args[at].includes("=") ? args[at].slice("--output=".length) : (args[at + 1] ?? usual);
  return resolve(root, named);
}
