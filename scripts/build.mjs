// npm run build: the library into lib/dist, and what pages run, made of it, into page/dist. Says that it is whole by
// writing, last, what it was built from; a build that was cut short lacks that.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { locked } from "./setup/lock.mjs";
import { place } from "./setup/make.mjs";
import { lockPath, root } from "./setup/places.mjs";
import { built, sourcesOfLibrary } from "./setup/state.mjs";

const kernels = [join(root, "lib", "kernels", "build.mjs")];
const compiler = [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "lib"];
const page = [join(root, "page", "build.mjs")];

process.exitCode = await locked(lockPath, async (under) => {
  const sources = sourcesOfLibrary(); // before: a source may change while it is built
  rmSync(built, { force: true });
  const status = (await node(kernels, under)) || (await node(compiler, under)) || (await node(page, under));
  if (status === 0) place(built, sources);
  return status;
});

function node(args, under) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: under.env, stdio: "inherit" });
    under.started(child.pid);
    child.on("close", (status) => resolve(status ?? 1));
  });
}
