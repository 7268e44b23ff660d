// npm run lab: JupyterLab on the notebooks, with the kernel chosen and the stored outputs trusted. Further arguments go
// to JupyterLab.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { environment, python, root, setup } from "./setup.mjs";

setup();
const env = environment();
const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
spawnSync(python, ["-m", "jupyter", "trust", ...notebooks], { cwd: join(root, "notebooks"), env, stdio: "ignore" });
// Root must say so to JupyterLab; a container's user often is root.
const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
const lab = spawn(
  python,
  [
    "-m",
    "jupyter",
    "lab",
    "--notebook-dir",
    root,
    `--LabApp.default_url=/lab/tree/notebooks/${notebooks[0] ?? ""}`,
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ...asRoot,
    ...process.argv.slice(2),
  ],
  { cwd: root, env, stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => lab.kill(signal));
lab.on("exit", (code) => process.exit(code ?? 1));
