// A lecture's page: what it weighs, how soon it reads and answers, and its cells in it against the same cells under the
// kernel. Every round opens each page in a browser that has not seen it, and starts a kernel afresh, in turn.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { environment, python, root, setup } from "../scripts/setup.mjs";

export const title = "A lecture's page, and its cells in it against the same cells under the kernel";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const notebookNames = () =>
  readdirSync(join(root, "notebooks"))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => name.slice(0, -".ipynb".length))
    .sort();

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.round(q * (values.length - 1))];
const median = (values) => quantile(values, 0.5);

/** What bench/page.py prints. */
function asked(...args) {
  const { status, stdout, stderr } = spawnSync(python, [join(root, "bench", "page.py"), ...args], {
    encoding: "utf8",
    env: environment(),
  });
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
  return stdout;
}

/** In a page: milliseconds until its first content is painted and all of its text is there. */
async function readable() {
  while (performance.getEntriesByName("first-contentful-paint").length === 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const [{ startTime }] = performance.getEntriesByName("first-contentful-paint");
  const [{ domContentLoadedEventEnd }] = performance.getEntriesByType("navigation");
  return Math.max(startTime, domContentLoadedEventEnd);
}

/** In a page: milliseconds from a click until the first cell with an output ran, or until all cells did. */
function clicked(what) {
  const cells = [...document.querySelectorAll("section[data-cell]")];
  const first = cells.find((cell) => cell.querySelector(".outputs"));
  const wanted = what === "all" ? cells : [first];
  const button = what === "all" ? document.querySelector("[data-does=all]") : first.querySelector("[data-does=run]");
  return new Promise((resolve, reject) => {
    const began = performance.now();
    new MutationObserver(() => {
      const said = wanted.map((cell) => cell.querySelector(".said").textContent);
      if (said.includes("failed")) reject(new Error("every cell must run in the page, got one that failed"));
      if (said.every((each) => each === "ran")) resolve(performance.now() - began);
    }).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true });
    button.click();
  });
}

/** One visit of a page by a browser that has not seen it. */
async function visited(browser, address, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(address);
    return await use(page);
  } finally {
    await context.close();
  }
}

async function once(browser, folder, name) {
  const at = (site) => pathToFileURL(join(folder, site, `${name}.html`)).href;
  const opened = await visited(browser, at("whole"), (page) => page.evaluate(readable));
  const { first, all } = await visited(browser, at("short"), async (page) => ({
    first: await page.evaluate(clicked, "first"),
    all: await page.evaluate(clicked, "all"),
  }));
  const kernel = 1000 * Number(asked("cells", name));
  return { opened, first, all, kernel };
}

/** `names`: the lectures, all unless they are given. */
export default async function run({ rounds = 5, names = notebookNames() } = {}) {
  const executablePath = places.find((path) => path && existsSync(path));
  if (!executablePath) return console.log("  skipped: no Chromium found; install it, or name it in CHROMIUM");
  setup();
  const folder = mkdtempSync(join(tmpdir(), "ridgepoint-"));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    asked("sites", join(folder, "whole"), join(folder, "short"), ...names);
    const samples = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++)
      for (const name of names) samples[name].push(await once(browser, folder, name));
    table(samples, (name) => readFileSync(join(folder, "whole", `${name}.html`)));
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function table(samples, pageOf) {
  const columns = ["kB", "kB gzip", "readable", "1st output", "all cells", "kernel", "page ÷ kernel", "quartiles"];
  const widths = columns.map((column) => Math.max(9, column.length));
  const line = (name, values) =>
    console.log(`  ${[name.padEnd(20), ...values.map((value, i) => value.padStart(widths[i]))].join("  ")}`);
  line("", columns);
  for (const [name, rows] of Object.entries(samples)) {
    const page = pageOf(name);
    const of = (key) => rows.map((row) => row[key]);
    const ratios = rows.map((row) => row.all / row.kernel);
    const kilobytes = [page, gzipSync(page, { level: 9 })].map(({ length }) => (length / 1e3).toFixed(0));
    const times = ["opened", "first", "all", "kernel"].map((key) => `${median(of(key)).toFixed(0)} ms`);
    const quartiles = [0.25, 0.75].map((q) => quantile(ratios, q).toFixed(3)).join(" … ");
    line(name, [...kilobytes, ...times, median(ratios).toFixed(3), quartiles]);
  }
  const { length } = Object.values(samples)[0];
  console.log(
    `  Medians of ${length} round${length === 1 ? "" : "s"}. Readable: from opening until the text is painted. ` +
      "1st output: from the first click, with\n  the runtime's parsing. All cells: those that do not measure, " +
      "in a new worker; under a kernel that is ready.",
  );
}
