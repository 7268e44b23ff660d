import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.js";
import type { Notebook } from "../support/notebook.js";
import { ended, environment, freePort, lacksBrowser, root, temporaryFolder, titled } from "../support/hosts.js";

const lecture = "3-roofline.ipynb";
const lack = lacksBrowser();
const digest = () =>
  readdirSync(join(root, "notebooks"))
    .filter((name) => name.endsWith(".ipynb"))
    .sort()
    .map((name) =>
      createHash("sha256")
        .update(readFileSync(join(root, "notebooks", name)))
        .digest("hex"),
    );

describe.skipIf(lack)(titled("npm run lab, in a browser", lack), () => {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  const requests: string[] = [];
  const uncaught: string[] = [];
  let lab: ChildProcess;
  let said = "";
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let address: string;
  let before: string[];

  beforeAll(async () => {
    before = digest();
    mkdirSync(home);
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    // As a reader starts it, with an empty home folder and no npm in between, which would swallow the signal that ends
    // it.
    lab = spawn(
      process.execPath,
      [
        join(root, "scripts", "lab.mjs"),
        "--no-browser",
        "--ip=127.0.0.1",
        "--port",
        String(port),
        "--IdentityProvider.token=",
      ],
      { cwd: root, env: environment({ HOME: home, USERPROFILE: home }), stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [lab.stdout!, lab.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    const answers = async () => {
      try {
        return (await fetch(`${address}/api/status`)).ok;
      } catch {
        return false;
      }
    };
    for (const end = Date.now() + 120_000; !(await answers());) {
      if (lab.exitCode !== null || Date.now() > end) throw new Error(`JupyterLab does not answer:\n${said}`);
      await new Promise((go) => setTimeout(go, 250));
    }
    browser = await openBrowser({ viewport: { width: 1400, height: 1000 } });
    page = await browser.context.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => uncaught.push(error.message));
    // The tracked notebook stays as it is: whatever would save it is answered with a refusal.
    await page.route("**/api/contents/**", (route) =>
      ["PUT", "PATCH", "DELETE"].includes(route.request().method()) ? route.abort() : route.continue(),
    );
    await page.goto(`${address}/lab/tree/notebooks/${lecture}?reset`);
    await page.locator(".jp-Notebook .jp-CodeCell").first().waitFor({ timeout: 120_000 });
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    if (lab) await ended(lab);
  });

  const panel = () => page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  const outputs = (mime: string) =>
    panel().locator(
      `.jp-OutputArea-output[data-mime-type="${mime}"], .jp-OutputArea-output [data-mime-type="${mime}"]`,
    );

  test("the notebook opens with the kernel TypeScript chosen, unasked", async () => {
    await panel()
      .locator(".jp-NotebookPanel-toolbar")
      .getByText("TypeScript", { exact: true })
      .waitFor({ timeout: 90_000 });
    expect(await page.locator(".jp-Dialog").count()).toBe(0);
    const sessions = (await (await fetch(`${address}/api/sessions`)).json()) as {
      name: string;
      kernel: { name: string };
    }[];
    expect(sessions.map(({ name, kernel }) => [name, kernel.name])).toEqual([[lecture, "tslab"]]);
  });

  test("Run All Cells runs every cell in order, with no error and nothing on stderr", async () => {
    const { cells } = JSON.parse(readFileSync(join(root, "notebooks", lecture), "utf8")) as Notebook;
    const count = cells.filter((cell) => cell.cell_type === "code").length;
    await panel().locator(".jp-Cell").first().click();
    await page.locator(".lm-MenuBar-item", { hasText: /^Run$/ }).click();
    await page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click();
    await panel().getByText("[*]:").first().waitFor();
    const prompts = () => panel().locator(".jp-CodeCell .jp-InputPrompt").allTextContents();
    await expect
      .poll(prompts, { timeout: 200_000, interval: 500 })
      .toEqual(Array.from({ length: count }, (_, i) => `[${i + 1}]:`));
    expect(await outputs("application/vnd.jupyter.error").allTextContents()).toEqual([]);
    expect(await outputs("application/vnd.jupyter.stderr").allTextContents()).toEqual([]);
  });

  test("the roofline is a picture that the browser has decoded, as large as it was drawn", async () => {
    const pictures = await panel()
      .locator("img[src^='data:image/svg+xml']")
      .evaluateAll((all: HTMLImageElement[]) =>
        all.map((img) => ({
          text: decodeURIComponent(img.src),
          complete: img.complete,
          width: img.naturalWidth,
          shown: img.getBoundingClientRect().width,
        })),
      );
    const rooflines = pictures.filter(({ text }) => /<title>[^<]*[Rr]oofline/.test(text));
    expect(rooflines.length).toBeGreaterThan(0);
    for (const { complete, width, shown } of pictures)
      expect([complete, width > 300, shown > 300]).toEqual([true, true, true]);
  });

  test("no request has left the machine, and the page has complained of no script", () => {
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(`${address}/`))).toEqual([]);
    // JupyterLab's own, at each cell, of any kernel that has no debugger.
    expect(uncaught.filter((message) => message !== "No active debugger session")).toEqual([]);
  });

  test("nothing but the project's folder was written to, and the notebooks are as they were", () => {
    // npm keeps a log there of each time that it builds the library.
    expect(readdirSync(home, { recursive: true }).filter((name) => !String(name).startsWith(".npm"))).toEqual([]);
    expect(digest()).toEqual(before);
    expect(said).not.toMatch(/Traceback|ReferenceError/);
  });
});
