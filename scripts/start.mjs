// npm start: runs the lectures in the TypeScript kernel and writes them to site/, as pages that work offline.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environment, python, root, setup } from "./setup.mjs";

const began = performance.now();
setup();
const { status } = spawnSync(python, [join(root, "scripts", "lectures.py"), "site", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: environment(),
});
if (status === 0)
  console.log(
    `\nThe lectures are in ${join(root, "site", "index.html")} (${((performance.now() - began) / 1000).toFixed(1)} s).`,
  );
process.exit(status ?? 1);
