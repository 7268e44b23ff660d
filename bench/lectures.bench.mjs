// All five lectures, cold, against the time that a Python kernel needs for the one lecture that they mirror.
// The Python notebook is not part of this project: SEED names its .ipynb, PYTHON an interpreter with torch, matplotlib,
// nbclient and ipykernel.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { environment, python, root, setup } from "../scripts/setup.mjs";

export const title = "The five lectures, each in a fresh kernel, against the mirrored Python notebook";

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const seconds = (value) => (value === undefined ? "no round succeeded" : `${value.toFixed(1)} s`);
const ratio = (value) => (value === undefined ? "-" : value.toFixed(2));

/** Seconds that a command takes; undefined when it fails, with a line that says which and how it ended. */
function timed(command, args, env) {
  const start = performance.now();
  const { status, signal, stderr, error } = spawnSync(command, args, { encoding: "utf8", env, maxBuffer: 1 << 28 });
  if (status === 0) return (performance.now() - start) / 1000;
  const last = (stderr ?? "").trim().split("\n").slice(-3).join(" | ");
  console.log(
    `  a round failed: ${[command, ...args].join(" ")}: ` +
      `${error?.message ?? `ended with ${signal ?? status}`}${last ? `: ${last}` : ""}`,
  );
  return undefined;
}

export default async function run() {
  setup();
  const lectures = (...options) =>
    timed(python, [join(root, "scripts", "lectures.py"), "json", ...options], environment());
  const seed = process.env.SEED;
  const other = process.env.PYTHON ?? "python3";
  const able =
    seed && existsSync(seed) && spawnSync(other, ["-c", "import torch, matplotlib, nbclient, ipykernel"]).status === 0;
  const mirrored = () =>
    timed(other, ["-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--stdout", seed], process.env);
  const rounds = Array.from({ length: 3 }, () => ({
    ours: lectures(),
    unmeasured: lectures("--skip-measured"),
    theirs: able ? mirrored() : undefined,
  }));
  // A failed run leaves its own figure of the round out, and the ratios that need it.
  const over = (value) => median(rounds.map(value).filter(Number.isFinite));
  const ours = over((round) => round.ours);
  const unmeasured = over((round) => round.unmeasured);
  console.log(`  five lectures: ${seconds(ours)}; without the cells that measure this machine: ${seconds(unmeasured)}`);
  if (!able)
    console.log(
      "  the mirrored notebook: skipped, SEED must name its .ipynb and PYTHON an " +
        "interpreter with torch, matplotlib, nbclient and ipykernel",
    );
  else {
    const full = ratio(over((round) => round.ours / round.theirs));
    const short = ratio(over((round) => round.unmeasured / round.theirs));
    console.log(
      `  the mirrored Python notebook: ${seconds(over((round) => round.theirs))}; ` +
        `ours ÷ theirs ${full}, without measured cells ${short}`,
    );
  }
  if (ours === undefined && unmeasured === undefined) throw new Error("no run of the lectures succeeded");
}
