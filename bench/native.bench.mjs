// This library's kernels against C, OpenBLAS and other WebAssembly packages, all in one process and in turn: medians of ratios paired by round.
import { addNative, compare, cores, fusedMultiplyAdd, matmulWasm, measureMachine, measurePoints, nativeMissing, points, pool, softmaxNative, workspace, workspaceBytes } from "../lib/dist/index.js";
import { cycle } from "../lib/dist/measure/curve.js";
import { nativeRoof } from "../lib/dist/measure/peaks.js";
import { anchors } from "./anchors.mjs";
import { peers } from "./peers.mjs";

export const title = "Kernels against native anchors (ratio of speeds; 1 is as fast as the anchor)";

const rounds = { rounds: 15, budgetSeconds: 8, sampleSeconds: 4e-3, maxSpread: Infinity, same: false };
const number = (x) => (Number.isFinite(x) ? x.toFixed(2) : "-");
const width = 72;
// The median of the paired ratios, their quartiles, and the ratio of the two shortest times: what a busy machine disturbs least.
const line = (what, ratio, [low, high] = [NaN, NaN], best, target, discarded = 0) =>
  console.log(`${what.padEnd(width)} ${number(ratio).padStart(6)}  ${Number.isFinite(low) ? `${number(low)} … ${number(high)}` : "".padEnd(11)}  ${number(best).padStart(5)}  ${target}${discarded ? `  (${discarded} disturbed rounds left out)` : ""}`);

/** Prints each candidate's speed over the first's, times `scale`, beside what is aimed at. */
async function versus(anchor, candidates, target, { scale = 1, inverse = false } = {}) {
  const { rows, discarded } = await compare({ anchor, ...candidates }, rounds);
  for (const { name, speedup, interval, best } of rows.slice(1)) {
    const turn = (x) => (inverse ? scale / x : scale * x);
    line(name, turn(speedup ?? NaN), interval && [turn(interval[0]), turn(interval[1])].sort((a, b) => a - b), turn(rows[0].best / best), target, discarded);
  }
}

export default async function run() {
  console.log(`${"".padEnd(width)}  ratio  quartiles     best  at least`);
  const { c, widths, blas, missing } = await anchors(), noNative = await nativeMissing();
  for (const sentence of [missing, noNative]) if (sentence) console.log(sentence);
  if (c && widths.includes(256)) { await memory(c); await arithmetic(c, noNative); if (blas) await products(c); else console.log("The matrix products are left out: OpenBLAS was not found by the linker."); if (!noNative) await layers(c); }
  await machine(noNative);
}

async function memory(c) {
  const most = 2 ** 26, space = workspace(workspaceBytes(most, most / 2, most / 2)), [x, y, z] = [space.floats(most), space.floats(most / 2), space.floats(most / 2)], k = space.kernels;
  for (const a of [x, y, z]) a.values.fill(1);
  const sets = [["L1", 16, 0.9], ["L2", 256, 0.85], ["L3", 4096, 0.95], ["DRAM", 2 ** 18, 0.95]];
  for (const [level, kib, least] of sets) {
    // A multiple of both kernels' blocks (28 and 32 values, and 128 of lines), so that neither has a tail.
    const n = Math.floor((kib * 256) / 896) * 896, passes = Math.max(1, Math.round(2048 / kib)), outer = level === "L3" || level === "DRAM";
    await versus(() => c.read128(x.values, n, passes), { [`read, ${level} (${kib} KiB), against C at 128 bit`]: () => k.read(x.at, n, passes, 0) }, least.toFixed(2));
    if (outer) await versus(() => c.read256(x.values, n, passes), { [`lines, ${level}, against a read in C at 256 bit`]: () => k.lines(x.at, n, passes, 0), [`read, ${level}, against C at 256 bit`]: () => k.read(x.at, n, passes, 0) }, least.toFixed(2));
    if (!outer) continue;
    const half = Math.floor(n / 2 / 64) * 64, third = Math.floor(n / 3 / 64) * 64;
    await versus(() => c.copy256(y.values, x.values, half, passes), { [`copy, ${level}, ordinary stores`]: () => k.copy(y.at, x.at, half, passes) }, least.toFixed(2));
    await versus(() => c.triad256(z.values, x.values, y.values, third, passes), { [`triad, ${level}, ordinary stores`]: () => k.triad(z.at, x.at, y.at, third, 3, passes) }, least.toFixed(2));
  }
  // Both follow the same chain through the same words: other pages would lie otherwise in the caches.
  const words = new Uint32Array(x.values.buffer, x.at, most), memory = new Uint8Array(x.values.buffer);
  for (const [level, kib, steps] of [["L1", 16, 2 ** 17], ["L2", 256, 2 ** 17], ["L3", 4096, 2 ** 16], ["DRAM", 2 ** 16, 2 ** 15]]) {
    cycle(kib * 16, (from, to) => { words[from * 16] = x.at + to * 64; });
    let here = x.at, there = x.at;
    await versus(() => { there = c.chase(memory, there, steps); }, { [`latency, ${level} (${kib} KiB), ours over C's`]: () => { here = k.chase(here, steps); } }, level === "L1" ? "-" : "0.90 … 1.10", { inverse: true });
  }
}

async function arithmetic(c, noNative) {
  const { kernels } = workspace(65536), steps = 200_000, fused = fusedMultiplyAdd();
  await versus(() => c[fused ? "fma128" : "muladd128"](steps, 0.999, 0.001), { [`WebAssembly chains (${fused ? "fused" : "multiply, then add"}) against C at 128 bit`]: () => kernels.chains(steps, 0.999, 0.001, 2) }, fused ? "0.95" : "-");
  if (noNative) return;
  for (const threads of new Set([1, cores()])) {
    // Ceilings: the best of each, in turn, until both had several chances at a quiet moment.
    const steps = threads > 1 ? 300_000 : 60_000;
    let ours = 0, anchor = 0;
    for (let turn = 0; turn < 12; turn++) {
      for (let i = 0; i < 40; i++) {
        const start = performance.now();
        c.fma_threads(256, steps, threads);
        anchor = Math.max(anchor, (threads * steps * 12 * 8 * 2) / ((performance.now() - start) / 1e3));
      }
      ours = Math.max(ours, await nativeRoof(threads, { seconds: 0.6 }));
    }
    line(`native roof, ${threads} thread${threads > 1 ? "s" : ""}, against C's AVX2 FMA peak (best of each)`, NaN, undefined, ours / anchor, "0.88");
  }
}

async function products(c) {
  for (const n of [480, 960]) {
    const shape = { m: n, n, k: n }, args = await matmulWasm.prepare(shape), [a, b] = [1, 2].map((seed) => Float32Array.from({ length: n * n }, (_, i) => Math.sin(i * seed))), out = new Float32Array(n * n);
    await versus(() => c.sgemm(out, a, b, n, n, n, 1), { [`packed WebAssembly matmul, n = ${n}, against OpenBLAS`]: () => matmulWasm.run(args) }, "0.48");
    const { runs, missing } = await peers(a, b, n);
    for (const [name, run] of Object.entries(runs)) await versus(run, { [`packed WebAssembly matmul, n = ${n}, against ${name}`]: () => matmulWasm.run(args) }, "1.50");
    if (missing.length && n === 480) console.log(`Not installed, so not compared: ${missing.join(", ")}.`);
    await matmulWasm.release(args);
  }
}

async function layers(c) {
  const columns = 768, timed = async (anchor, kernel, shape, name, target) => {
    const args = await kernel.prepare(shape);
    await versus(anchor, { [name]: { run: () => kernel.run(args), ...kernel.slope(args) } }, target);
    await kernel.release(args);
  };
  const rows = 16384, n = rows * columns, [x, y, z] = [1, 2, 3].map(() => new Float32Array(n).fill(1));
  await timed(() => c.triad256(z, x, y, n, 1), addNative, { rows, columns }, "add by slope, 50 MB an array, against C triad", "0.90 … 1.10");
  await timed(() => c.copy256(y, x, n, 1), softmaxNative, { rows, columns }, "softmax by slope, 50 MB an array, against C copy", "0.90 … 1.10");
  // Whether memory or the exponentials hold it up: the same copy against as many rows of softmax that never leave the cache.
  const few = 256;
  await timed(() => c.copy256(y, x, n, 1), { ...softmaxNative, slope: (args) => { const { baseline, repeats } = softmaxNative.slope(args); return { baseline, repeats: (repeats * few) / rows }; } }, { rows: few, columns }, "  its arithmetic alone (in cache) against the same copy", "-");
}

async function machine(noNative) {
  const full = await measureMachine(), quick = await measureMachine({ quick: true });
  console.log(`${"measureMachine(), seconds".padEnd(width)} ${full.seconds.toFixed(1).padStart(6)}  ${"".padEnd(18)}  under 60`);
  console.log(`${"measureMachine({ quick: true }), seconds".padEnd(width)} ${quick.seconds.toFixed(1).padStart(6)}  ${"".padEnd(18)}  under 10`);
  if (noNative) return;
  const { rows } = await measurePoints(full, { points: points.filter(({ name }) => !/large, batch (256|512)/.test(name)) });
  const best = rows.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  line(`bound over measured time, at most, in ${rows.length} kernels: ${best.name}`, best.ratio, undefined, NaN, "at most 1.03");
  for (const row of rows) console.log(`  ${row.name.padEnd(28)} ${(row.seconds * 1e3).toFixed(3).padStart(9)} ms  predicted/measured ${number(row.ratio)}  ${row.bound}, ${row.level}${row.spread > 0.2 ? `, spread ${Math.round(row.spread * 100)} %` : ""}`);
}
