// Fits the numbers of lib/predict/calibrations.ts to measured matrix products and reports errors on products that were
// held out. Usage: node bench/fitPredict.mjs timings.csv   (columns gpu,model,tp,tokens,layer,m,n,k,seconds; fp16; not
// part of this repository)
import { existsSync, readFileSync } from "node:fs";
import { matmulComputeSeconds, smoothMaximum } from "../lib/dist/predict/matmulTime.js";

const path = process.argv[2];
if (!path || !existsSync(path)) {
  console.log(`fitPredict: skipped, it needs a file of timings, got ${path ?? "none"}`);
  process.exit(0);
}

const gpus = {
  a100: { peakFlops: 312e12, bandwidth: 2.039e12, units: 108 },
  h100: { peakFlops: 989e12, bandwidth: 3.35e12, units: 132 },
  a40: { peakFlops: 149.7e12, bandwidth: 0.696e12, units: 84 },
};
const names = ["compute", "memory", "overhead", "sharpness", "smallTile", "waveShare"];
const start = [0.78, 0.8, 5e-6, 3, 0.9, 0.3];
const least = [0, 0, 0, 1, 0, 0];
const most = [1, 1, Infinity, 20, 1, 1];
const record = (x) => Object.fromEntries(names.map((n, i) => [n, Math.min(most[i], Math.max(least[i], x[i]))]));

const rows = readFileSync(path, "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [gpu, model, , tokens, , m, n, k, seconds] = line.split(",");
    return { gpu, model, tokens: +tokens, m: +m, n: +n, k: +k, seconds: +seconds };
  })
  .filter((r) => gpus[r.gpu] && r.seconds > 0);

const bytes = ({ m, n, k }) => 2 * (m * k + k * n + m * n);
const tiled = (r, fit) =>
  smoothMaximum(
    matmulComputeSeconds(r, gpus[r.gpu], fit),
    bytes(r) / (gpus[r.gpu].bandwidth * fit.memory),
    fit.sharpness,
  ) + fit.overhead;
const threeParameters = (r, fit) =>
  Math.max(
    (2 * r.m * r.n * r.k) / (gpus[r.gpu].peakFlops * fit.compute),
    bytes(r) / (gpus[r.gpu].bandwidth * fit.memory),
  ) + fit.overhead;
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const error = (formula, fit, list) => mean(list.map((r) => Math.abs(formula(r, fit) / r.seconds - 1)));
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.round(q * (list.length - 1))];
const percent = (x) => `${(100 * x).toFixed(1)} %`;
/** The 5th and 95th percentile of a list. */
const ends = (list) => [0.05, 0.95].map((q) => quantile(list, q).toFixed(3)).join(" ");
/** A record as JSON, its numbers to three digits. */
const short = (fit) => JSON.stringify(fit, (_, v) => (typeof v === "number" ? Number(v.toPrecision(3)) : v));

/** Nelder and Mead's simplex over the logarithms of the numbers. */
function fitted(formula, list) {
  const sample = list.filter((_, i) => i % 5 === 0);
  const f = (y) => error(formula, record(y.map(Math.exp)), sample);
  const n = start.length;
  let simplex = [start.map(Math.log)];
  for (let i = 0; i < n; i++) simplex.push(simplex[0].map((v, j) => v + (i === j ? 0.25 : 0)));
  let values = simplex.map(f);
  for (let step = 0; step < 200; step++) {
    const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
    simplex = order.map((i) => simplex[i]);
    values = order.map((i) => values[i]);
    const centre = simplex[0].map((_, j) => mean(simplex.slice(0, n).map((y) => y[j])));
    const at = (t) => centre.map((v, j) => v + t * (simplex[n][j] - v));
    const take = (y, v) => {
      simplex[n] = y;
      values[n] = v;
    };
    const mirrored = at(-1);
    const v = f(mirrored);
    if (v < values[0]) {
      const far = at(-2);
      const w = f(far);
      if (w < v) take(far, w);
      else take(mirrored, v);
    } else if (v < values[n - 1]) take(mirrored, v);
    else {
      const near = at(0.5);
      const w = f(near);
      if (w < values[n]) take(near, w);
      else
        for (let i = 1; i <= n; i++) {
          simplex[i] = simplex[i].map((x, j) => (x + simplex[0][j]) / 2);
          values[i] = f(simplex[i]);
        }
    }
  }
  return record(simplex[values.indexOf(Math.min(...values))].map(Math.exp));
}

const zones = [
  ["1-16", 1, 16],
  ["17-128", 17, 128],
  ["129-512", 129, 512],
  ["513-2048", 513, 2048],
  [">2048", 2049, Infinity],
];
const models = [...new Set(rows.map((r) => r.model))];
for (const gpu of Object.keys(gpus)) {
  const own = rows.filter((r) => r.gpu === gpu);
  const perfect = { compute: 1, memory: 1, overhead: 0 };
  if (own.length === 0) continue;
  console.log(
    `\n${gpu}: ${own.length} products, ${models.length} models; ` +
      `plain roofline ${percent(error(threeParameters, perfect, own))}`,
  );
  const residuals = [];
  for (const model of models) {
    const known = own.filter((r) => r.model !== model);
    const held = own.filter((r) => r.model === model);
    const fit = fitted(tiled, known);
    const simple = fitted(threeParameters, known);
    for (const r of held) residuals.push({ ...r, ratio: r.seconds / tiled(r, fit) });
    console.log(
      `  ${model} held out: tiled ${percent(error(tiled, fit, held))}, ` +
        `three numbers ${percent(error(threeParameters, simple, held))}`,
    );
  }
  const mape = (list) => percent(mean(list.map((r) => Math.abs(1 / r.ratio - 1))));
  const byTokens = zones.map(([name, a, b]) => {
    const inZone = residuals.filter((r) => r.tokens >= a && r.tokens <= b);
    return `${name} ${mape(inZone)}`;
  });
  console.log(`  all held out: ${mape(residuals)}; by tokens ${byTokens.join(", ")}`);
  const ratios = residuals.map((r) => r.ratio);
  console.log(`  measured / predicted, held out, 5 % and 95 %: ${ends(ratios)}`);
  const others = fitted(
    tiled,
    rows.filter((r) => r.gpu !== gpu),
  );
  const foreign = own.map((r) => r.seconds / tiled(r, others));
  console.log(`  fitted to the other GPUs only: ${percent(error(tiled, others, own))}; 5 % and 95 %: ${ends(foreign)}`);
  console.log(`  all products: ${short(fitted(tiled, own))}`);
}
console.log(`\nall GPUs together: ${short(fitted(tiled, rows))}`);
