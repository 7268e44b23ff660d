// The set-up as a process of its own, which lives and dies apart from who asked for it: makes what is lacking, one part
// after the other, under the lock. Its arguments are the parts. Only Node's own modules: nothing is installed yet.
import { constants } from "node:os";
import { failure } from "./failure.mjs";
import { locked } from "./lock.mjs";
import { Failed, make, Stopped } from "./make.mjs";
import { lockPath } from "./places.mjs";
import { systemPython } from "./python.mjs";
import { lacks } from "./state.mjs";

const titles = {
  packages: "installing Node packages",
  library: "building the library",
  venv: "installing JupyterLab and nbconvert into .venv",
};
const parts = process.argv.slice(2);

try {
  // Before anything is installed: without a Python the rest would be in vain.
  if (parts.includes("venv") && lacks(["venv"]).venv) pythonOrFail();
  await locked(lockPath, makeAll);
} catch (error) {
  process.exitCode = tell(error);
}

async function makeAll(under) {
  for (const part of parts) {
    const lack = lacks([part])[part]; // looked at now: who had the lock before us, or the part before, may have made it
    if (!lack) continue;
    const why = /^there (is|are) none$/.test(lack) ? "" : ` (${lack})`;
    if (titles[part]) console.log(`${titles[part]}${why} …`);
    await make[part](under, part === "venv" ? pythonOrFail() : undefined);
  }
}

function pythonOrFail() {
  const found = systemPython();
  if (found.lack) throw new Failed(found.lack);
  return found;
}

/** Says what went wrong, the sentence last, and returns the status to end with. */
function tell(error) {
  if (error instanceof Stopped) return 128 + constants.signals[error.message];
  const sentence =
    error instanceof Failed ? error.message : error.syscall ? failure("folder", error.message) : error.stack;
  if (error.said) console.error(error.said);
  console.error(sentence);
  return 1;
}
