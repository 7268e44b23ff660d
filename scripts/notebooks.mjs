// npm run notebooks: runs the lectures and stores their outputs in the notebooks, the same bytes on every run except in
// cells tagged `measured`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environment, python, root, setup } from "./setup.mjs";

setup();
const { status } = spawnSync(python, [join(root, "scripts", "lectures.py"), "store", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: environment(),
});
process.exit(status ?? 1);
