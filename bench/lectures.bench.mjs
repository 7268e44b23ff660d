// All five lectures, cold, against the time that a Python kernel needs for the one lecture that they mirror.
// The Python notebook is not part of this project: SEED names its .ipynb, PYTHON an interpreter with torch, matplotlib, nbclient and ipykernel.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { environment, python, root, setup } from "../scripts/setup.mjs";

export const title = "The five lectures, each in a fresh kernel, against the mirrored Python notebook";

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function seconds(command, args, env) {
  const start = performance.now(), { status, stderr } = spawnSync(command, args, { encoding: "utf8", env, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`bench: ${command} ${args[0]} must succeed, got ${stderr.trim().split("\n").slice(-3).join(" ")}`);
  return (performance.now() - start) / 1000;
}

export default async function run() {
  setup();
  const ours = () => seconds(python, [join(root, "scripts", "lectures.py"), "json"], environment());
  const unmeasured = () => seconds(python, [join(root, "scripts", "lectures.py"), "json", "--skip-measured"], environment());
  const seed = process.env.SEED, other = process.env.PYTHON ?? "python3";
  const able = seed && existsSync(seed) && spawnSync(other, ["-c", "import torch, matplotlib, nbclient, ipykernel"]).status === 0;
  const theirs = () => seconds(other, ["-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--stdout", seed], process.env);
  const rounds = Array.from({ length: 3 }, () => ({ ours: ours(), unmeasured: unmeasured(), theirs: able ? theirs() : NaN }));
  console.log(`  five lectures: ${median(rounds.map((r) => r.ours)).toFixed(1)} s; without the cells that measure this machine: ${median(rounds.map((r) => r.unmeasured)).toFixed(1)} s`);
  if (!able) { console.log(`  the mirrored notebook: skipped, SEED must name its .ipynb and PYTHON an interpreter with torch, matplotlib, nbclient and ipykernel`); return; }
  console.log(`  the mirrored Python notebook: ${median(rounds.map((r) => r.theirs)).toFixed(1)} s; ours ÷ theirs ${median(rounds.map((r) => r.ours / r.theirs)).toFixed(2)}, without measured cells ${median(rounds.map((r) => r.unmeasured / r.theirs)).toFixed(2)}`);
}
