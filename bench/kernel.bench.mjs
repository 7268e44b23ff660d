// The kernel with its cures against tslab as it comes: how long until it is ready, and until the first chart of a
// lecture is drawn. Both start afresh in every round, in shuffled order, from the notebooks' folder; the ratio is the
// median of those paired by round.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, python, root, setup } from "../scripts/setup.mjs";

export const title = "The kernel against tslab as it comes (ratio of times; 1 is as long, less is sooner)";

const cell =
  `import { barChart, show } from "../lib"; ` +
  `show(barChart([{ name: "one", value: 1 }, { name: "two", value: 2 }], { title: "Two bars" }));`;

const median = (xs) => {
  const s = [...xs].sort((a, b) => a - b);
  const m = s.length >> 1;
  return s.length % 2 ? s[m] : (s[m - 1] + s[m]) / 2;
};

export default function run({ rounds = 7 } = {}) {
  setup();
  const folder = mkdtempSync(join(tmpdir(), "ridgepoint-"));
  const spec = join(folder, "kernels", "plain");
  try {
    mkdirSync(spec, { recursive: true });
    const argv = [
      process.execPath,
      join(root, "node_modules", "tslab", "bin", "tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ];
    writeFileSync(
      join(spec, "kernel.json"),
      JSON.stringify({ argv, display_name: "tslab as it comes", language: "typescript" }),
    );
    const { status, stdout, stderr } = spawnSync(
      python,
      [join(root, "bench", "kernel.py"), join(root, "notebooks"), String(rounds), cell, "plain", "tslab"],
      { encoding: "utf8", env: { ...environment(), JUPYTER_PATH: folder } },
    );
    if (status !== 0) throw new Error(stderr);
    const { plain, tslab } = JSON.parse(stdout);
    console.log(`${"".padEnd(28)}  ours (s)  tslab (s)   ratio  quartiles of ${rounds} rounds`);
    for (const [what, key] of [
      ["ready", "ready"],
      ["first chart, once ready", "chart"],
    ]) {
      const ours = tslab.map((r) => r[key]);
      const theirs = plain.map((r) => r[key]);
      const ratios = ours.map((s, i) => s / theirs[i]).sort((a, b) => a - b);
      const quartile = (q) => ratios[Math.round(q * (ratios.length - 1))].toFixed(2);
      console.log(
        `${what.padEnd(28)}  ${median(ours).toFixed(2).padStart(8)}  ` +
          `${median(theirs).toFixed(2).padStart(9)}  ${median(ratios).toFixed(2).padStart(6)}  ` +
          `${quartile(0.25)} … ${quartile(0.75)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
