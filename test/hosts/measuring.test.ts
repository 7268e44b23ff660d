// Measuring in a real browser: one thread from the disk, several over http with the headers that isolate a page, and in
// a lecture when the reader asks for it. Figures are held against Node's by order of magnitude alone.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { measureMachine, type Machine } from "../../lib/index.js";
import { openBrowser, watched } from "../support/browser.js";
import { finished, lacksBrowser, python, root, temporaryFolder, titled } from "../support/hosts.js";
import { allRan, outputs, outputText, press, said, says } from "../support/livePage.js";
import { codeCells, joined, type Notebook } from "../support/notebook.js";
import { exportStored } from "../support/stored.js";

const lack = lacksBrowser();

/** A page with one button, as any page would measure: the function, the worker's program and the policy. */
const pageWith = (script: string): string => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="page-policy"><title>Measuring</title>
<link rel="icon" href="data:,"></head><body><button>Measure this machine</button><p role="status"></p>
<script type="text/plain" id="live-machine">${readFileSync(join(root, "page/dist/machine.txt"), "utf8")}</script>
<script>${script}</script></body></html>`;

async function demonstration(folder: string): Promise<string> {
  const contents = `import { measureThisMachine } from "./page/measure/thisMachine.ts";
const [button, line] = [document.querySelector("button"), document.querySelector("p")];
button.addEventListener("click", async () => {
  button.disabled = true;
  line.textContent = "";
  try {
    globalThis.messages = [];
    globalThis.machine = await measureThisMachine(({ fraction, message }) => {
      globalThis.messages.push(message);
      line.textContent = Math.round(100 * fraction) + " %: " + message;
    });
    line.textContent = "measured";
  } catch (error) {
    line.textContent = "not measured: " + error.message;
  }
  button.disabled = false;
});`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "iife",
    write: false,
  });
  const raw = join(folder, "raw.html");
  writeFileSync(raw, pageWith(outputFiles[0]!.text.trim()));
  const program = `import sys; sys.path.insert(0, sys.argv[1]); import live
print(live.with_policy(open(sys.argv[2], encoding="utf8").read()), end="")`;
  const { status, stdout, stderr } = await finished(python, ["-c", program, join(root, "scripts"), raw]);
  if (status !== 0) throw new Error(stderr);
  const path = join(folder, "measuring.html");
  writeFileSync(path, stdout);
  return path;
}

/** The folder over http, with the headers that let threads share memory. */
function isolating(path: string): Promise<Server> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.end(readFileSync(path));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** What a page that measured shows: figures, or in one sentence why there are none; and what it said meanwhile. */
interface Shown {
  readonly machine?: Machine;
  readonly line: string;
  readonly messages: readonly string[];
}

/** Presses the button, and waits; again where the machine was too busy. */
async function measuredIn(page: Page): Promise<Shown> {
  for (let attempt = 1; ; attempt++) {
    await page.click("button");
    await page.waitForFunction(() => /^(not )?measured/.test(document.querySelector("p")!.textContent!), null, {
      timeout: 200_000,
    });
    const machine = (await page.evaluate("globalThis.machine")) as Machine | undefined;
    const messages = (await page.evaluate("globalThis.messages")) as string[];
    if (machine || attempt === 3) return { machine, messages, line: await page.innerText("p") };
  }
}

const figures = ({ roofs, bandwidth, levels, threads, noise, seconds }: Machine): string =>
  JSON.stringify({ roofs, bandwidth, threads, noise, seconds, levels: levels.map(({ level, read }) => [level, read]) });

/** What is the same of a machine, whoever measures it, and what a page says of itself. */
function likeNode(machine: Machine, node: Machine, several: boolean): void {
  const alone = machine.notes.some((note) => note.startsWith("One thread was measured: "));
  expect([machine.threads > 1, alone]).toEqual([several && node.threads > 1, !several]);
  expect(machine.notes.join("\n")).toMatch(/^The clock moves in steps of (5|100)\.?\d* µs here; /m);
  for (const [one, other] of [
    [machine.oneThread.roofs.wasm, node.oneThread.roofs.wasm],
    [machine.oneThread.roofs.javascript, node.oneThread.roofs.javascript],
    [machine.oneThread.levels[0]!.read, node.oneThread.levels[0]!.read],
  ] as const)
    expect(Math.abs(Math.log10(one / other))).toBeLessThan(1);
}

describe.skipIf(lack)(titled("measuring in a browser", lack), () => {
  const folder = temporaryFolder();
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let path: string;
  beforeAll(async () => {
    path = await demonstration(folder);
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  test(
    "from the disk on one thread, over http with isolation on all: the order of Node's figures",
    { timeout: 900_000 },
    async () => {
      const node = await measureMachine({ quick: true });
      const server = await isolating(path);
      const { port } = server.address() as AddressInfo;
      try {
        for (const [address, several] of [
          [pathToFileURL(path).href, false],
          [`http://127.0.0.1:${port}/`, true],
        ] as const) {
          const page = await browser.context.newPage();
          const { requests, complaints } = watched(page);
          await page.goto(address);
          const { machine, line, messages } = await measuredIn(page);
          console.log(`${address}\n  page ${machine ? figures(machine) : line}\n  Node ${figures(node)}`);
          expect(messages.some((message) => / threads$/.test(message))).toBe(several && node.threads > 1);
          // A busy machine contradicts itself, and is refused; what it measured is then nobody's to judge.
          if (machine) likeNode(machine, node, several);
          else expect(line).toMatch(/^not measured: .* came out to /);
          expect(complaints).toEqual([]);
          expect(requests.filter((each) => !each.startsWith("blob:") && each !== address)).toEqual([]);
          await page.close();
        }
      } finally {
        server.close();
      }
    },
  );

  test(
    "a lecture measures when it is asked to, says whose figures these are, and goes back",
    { timeout: 900_000 },
    async () => {
      const site = join(folder, "site");
      await exportStored(site);
      const notebook = JSON.parse(readFileSync(join(root, "notebooks/5-memory-layout.ipynb"), "utf8")) as Notebook;
      const sources = codeCells(notebook).map((cell) => joined(cell.source));
      const sums = sources.findIndex((source) => source.includes('measured("three walks"'));
      const page = await browser.context.newPage();
      const { requests, complaints } = watched(page);
      const address = pathToFileURL(join(site, "5-memory-layout.html")).href;
      await page.goto(address);
      await page.click("[data-does=measure]");
      await allRan(page, 400_000);
      expect(await said(page)).toEqual(sources.map(() => "ran"));
      const seen = JSON.stringify(await outputs(page));
      console.log(await outputText(page, sums), seen.match(/[^"]{0,60}recorded run\.[^"]{0,200}/g));
      expect(seen).toMatch(/this computer, \d+ cores?, Linux, Chrome \d+/);
      await page.click("[data-does=measure]");
      await allRan(page);
      expect(JSON.stringify(await outputs(page))).not.toContain("this computer");
      await press(page, sums, "run");
      await says(page, sums, "ran");
      expect(await outputText(page, sums)).toMatch(/A page does not measure unless it is asked to/);
      expect(complaints).toEqual([]);
      expect(requests.filter((each) => !each.startsWith("blob:") && each !== address)).toEqual([]);
      await page.close();
    },
  );

  test("only pages that measure allow WebAssembly", () => {
    const policy = (name: string): string =>
      /<meta [^>]*Content-Security-Policy[^>]*>/.exec(readFileSync(name, "utf8"))![0];
    expect(policy(join(folder, "site", "5-memory-layout.html"))).toContain("'wasm-unsafe-eval'");
    for (const name of ["index", "1-counting-flops", "4-architectures"])
      expect(policy(join(folder, "site", `${name}.html`))).not.toContain("wasm");
  });
});
