// This library's kernels against C, OpenBLAS and other WebAssembly packages, all in one process and in turn: medians of
// ratios paired by round.
import {
  addNative,
  matmulWasm,
  measureMachine,
  measurePoints,
  nativeMissing,
  kernelPoints,
  softmaxNative,
} from "../lib/dist/index.js";
import { cores } from "../lib/dist/kernels/pool.js";
import { fusedMultiplyAdd, workspace } from "../lib/dist/kernels/wasm/workspace.js";
import { nativeRoof } from "../lib/dist/measure/peaks.js";
import { anchors } from "./anchors.mjs";
import { peers } from "./peers.mjs";
import { because, fastest, header, number, row, versus } from "./versus.mjs";
import { latency, memory } from "./native/memory.mjs";

export const title = "Kernels against native anchors (ratio of speeds; 1 is as fast as the anchor)";

export default async function run() {
  console.log(header);
  const native = await anchors();
  const noNative = await nativeMissing();
  for (const sentence of [native.missing, noNative]) if (sentence) console.log(sentence);
  if (!native.missing) {
    await memory(native);
    await latency(native);
    await arithmetic(native, noNative);
    if (native.blas) await products(native);
    else console.log("The matrix products are left out: OpenBLAS was not found by the linker.");
    if (!noNative) await layers(native);
  }
  await machine(noNative);
}

async function arithmetic({ c, widths }, noNative) {
  const { kernels } = workspace(65536);
  const steps = 200_000;
  const fused = fusedMultiplyAdd();
  const anchor = () => c[fused ? "fma128" : "muladd128"](steps, 0.999, 0.001);
  await versus(
    anchor,
    {
      [`WebAssembly chains (${fused ? "fused" : "multiply, then add"}) against C at 128 bit`]: () =>
        kernels.chains(steps, 0.999, 0.001, 2),
    },
    { bar: fused ? 0.95 : undefined },
  );
  if (noNative) return;
  for (const threads of new Set([1, cores()])) {
    // Ceilings: the best of each, in turn, until all had several chances at a quiet moment.
    const peaks = Object.fromEntries(widths.map((bits) => [bits, 0]));
    const steps = threads > 1 ? 300_000 : 60_000;
    let ours = 0;
    for (let turn = 0; turn < 12; turn++) {
      for (let i = 0; i < 40; i++)
        for (const bits of widths) {
          const start = performance.now();
          c.fma_threads(bits, steps, threads);
          peaks[bits] = Math.max(
            peaks[bits],
            (threads * steps * 12 * (bits / 32) * 2) / ((performance.now() - start) / 1e3),
          );
        }
      ours = Math.max(ours, await nativeRoof(threads, { seconds: 0.6 }));
    }
    const wide = widths.reduce((a, b) => (peaks[b] > peaks[a] ? b : a));
    const plural = threads > 1 ? "s" : "";
    const why = async () => {
      for (const bits of widths)
        if (bits !== wide) await row(`  why: the roof against the peak at ${bits} bit`, { best: ours / peaks[bits] });
      if (c.sgemm) await row("  why: OpenBLAS against the same peak", { best: bestProduct(c, threads) / peaks[wide] });
    };
    await row(`native roof, ${threads} thread${plural}, against C's FMA peak at ${wide} bit (best of each)`, {
      best: ours / peaks[wide],
      bar: 0.88,
      why,
    });
  }
}

/** FLOP/s of OpenBLAS on one of the products that the native roof is taken from, the best of a second's runs. */
function bestProduct(c, threads) {
  const [m, n, k] = [512, 768, 768];
  const [a, b, out] = [m * k, k * n, m * n].map((size) => new Float32Array(size).fill(1));
  const begin = performance.now();
  let best = 0;
  while (performance.now() - begin < 1000) {
    const start = performance.now();
    c.sgemm(out, a, b, m, n, k, threads);
    best = Math.max(best, (2 * m * n * k) / ((performance.now() - start) / 1e3));
  }
  return best;
}

async function products({ c, blas }) {
  const fused = fusedMultiplyAdd();
  const chains = fused ? "fma128" : "muladd128";
  const pinned = process.env.OPENBLAS_CORETYPE;
  if (pinned)
    console.log(
      `OPENBLAS_CORETYPE=${pinned} chooses OpenBLAS's kernels: unset, it takes those made for this processor.`,
    );
  for (const n of [480, 960]) {
    const shape = { m: n, n, k: n };
    const args = await matmulWasm.prepare(shape);
    const ours = () => matmulWasm.run(args);
    const [a, b] = [1, 2].map((seed) => Float32Array.from({ length: n * n }, (_, i) => Math.sin(i * seed)));
    const out = new Float32Array(n * n);
    // As many FLOP in registers as the product has: what 128-bit vectors could reach at most, and what OpenBLAS makes
    // of wider ones.
    const steps = Math.round((2 * n ** 3) / (12 * 4 * 2));
    const peak = () => c[chains](steps, 0.999, 0.001);
    const theirs = () => c.sgemm(out, a, b, n, n, n, 1);
    const why = because(peak, {
      [`ours against C's ${fused ? "FMA" : "multiply-add"} peak at 128 bit`]: ours,
      "OpenBLAS against the same peak": theirs,
    });
    await versus(
      theirs,
      { [`packed WebAssembly matmul, n = ${n}, against OpenBLAS (${blas} kernels)`]: ours },
      { bar: 0.48, why },
    );
    const { runs, missing } = await peers(a, b, n);
    for (const [name, run] of Object.entries(runs))
      await versus(run, { [`packed WebAssembly matmul, n = ${n}, against ${name}`]: ours }, { bar: 1.5 });
    if (missing.length && n === 480) console.log(`Not installed, so not compared: ${missing.join(", ")}.`);
    await matmulWasm.release(args);
  }
}

async function layers({ c, widths }) {
  const columns = 768;
  const rows = 16384;
  const few = 256;
  const n = rows * columns;
  const [x, y, z] = [1, 2, 3].map(() => new Float32Array(n).fill(1));
  const copy = (bits) => c[`copy${bits}`](y, x, n, 1);
  const triad = (bits) => c[`triad${bits}`](z, x, y, n, 1);
  for (const [name, kernel, anchorName, inC] of [
    ["add", addNative, "triad", triad],
    ["softmax", softmaxNative, "copy", copy],
  ]) {
    const bits = await fastest(widths, inC);
    const anchor = () => inC(bits);
    const timed = async (count, what, options) => {
      const args = await kernel.prepare({ rows: count, columns });
      const slope = kernel.slope(args);
      // Fewer rows count as often as it takes to make the same work.
      const work = {
        run: () => kernel.run(args),
        ...slope,
        ...(slope ? { repeats: (slope.repeats * count) / rows } : {}),
      };
      await versus(anchor, { [what]: work }, options);
      await kernel.release(args);
    };
    // Whether memory or the arithmetic holds it up: the same anchor against as many rows that never leave the cache.
    const why = () => timed(few, "  why: its arithmetic alone (in cache) against the same anchor");
    await timed(rows, `${name} by slope, 50 MB an array, against C ${anchorName} at ${bits} bit`, {
      bar: [0.9, 1.1],
      why,
    });
  }
}

async function machine(noNative) {
  const full = await measureMachine();
  const quick = await measureMachine({ quick: true });
  await row("measureMachine(), seconds", { ratio: full.seconds, note: "under 60" });
  await row("measureMachine({ quick: true }), seconds", { ratio: quick.seconds, note: "under 10" });
  if (noNative) return;
  const { rows } = await measurePoints(full, {
    points: kernelPoints.filter(({ name }) => !/large, batch (256|512)/.test(name)),
  });
  const best = rows.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  await row(`bound over measured time, at most, in ${rows.length} kernels: ${best.name}`, {
    ratio: best.ratio,
    note: "at most 1.03",
  });
  for (const { name, seconds, ratio, bound, level, spread } of rows)
    console.log(
      `  ${name.padEnd(28)} ${(seconds * 1e3).toFixed(3).padStart(9)} ms  ` +
        `predicted/measured ${number(ratio)}  ${bound}, ` +
        `${level}${spread > 0.2 ? `, spread ${Math.round(spread * 100)} %` : ""}`,
    );
}
