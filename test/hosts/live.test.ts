// Each lecture's page runs its own cells, from the disk, in a real browser: what the notebook gave, edits, errors, a
// loop that never ends, exercises; and nothing is asked of anybody.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dimTexts, openBrowser, watched } from "../support/browser.js";
import { listening } from "../support/listening.js";
import { lacksBrowser, root, temporaryFolder } from "../support/hosts.js";
import { allRan, outputs, outputText, press, rewrite, said, says, staleCells, storedAs } from "../support/livePage.js";
import { codeCells, isMeasured, joined, type Cell, type Notebook } from "../support/notebook.js";
import { faultyIds } from "../support/pages.js";
import { exportStored } from "../support/stored.js";

const notebooks = join(root, "notebooks");
const names = readdirSync(notebooks)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(/\.ipynb$/, ""));
const cellsOf = (name: string): Cell[] =>
  codeCells(JSON.parse(readFileSync(join(notebooks, `${name}.ipynb`), "utf8")) as Notebook);
const engines = (["chromium", "firefox"] as const).map((engine) => [engine, lacksBrowser(engine)] as const);
const site = join(temporaryFolder(), "site");
beforeAll(() => exportStored(site));

describe.skip.each(engines.filter(([, lack]) => lack))("a lecture's page in %s (skipped: %s)", () => test("runs"));
describe.each(engines.filter(([, lack]) => !lack))("a lecture's page as its own kernel, in %s", (engine) => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } }, engine);
  });
  afterAll(() => browser?.close());

  const address = (name: string): string => pathToFileURL(join(site, `${name}.html`)).href;

  /** Opens a lecture as one who has not been there, uses it, and sees that nothing went wrong on the way. */
  async function used(name: string, use: (page: Page) => Promise<void>, { context } = browser): Promise<void> {
    const page = await context.newPage();
    try {
      const { requests, complaints } = watched(page);
      await page.goto(address(name));
      await page.evaluate(() => localStorage.clear());
      await page.reload();
      await use(page);
      expect(complaints).toEqual([]);
      expect(requests.filter((each) => !each.startsWith("blob:") && each !== address(name))).toEqual([]);
    } finally {
      await page.close();
    }
  }

  test.each(names)("%s weighs at most 1.6 MB, and 600 kB packed", (name) => {
    const page = readFileSync(join(site, `${name}.html`));
    expect(page.length).toBeLessThan(1.6e6);
    expect(gzipSync(page, { level: 9 }).length).toBeLessThan(600e3);
  });

  test.each(names)("%s: all cells run, and those that do not measure give what the notebook has", (name) =>
    used(name, async (page) => {
      const cells = cellsOf(name);
      const sources = await page.$$eval("section[data-cell] .highlight pre", (all) => all.map((e) => e.textContent!));
      expect(sources.map((source) => source.replace(/\n$/, ""))).toEqual(cells.map((cell) => joined(cell.source)));
      await page.click("[data-does=all]");
      await allRan(page);
      expect(await said(page)).toEqual(cells.map(() => "ran"));
      const seen = await outputs(page);
      for (const [i, cell] of cells.entries()) {
        const wanted = await Promise.all(cell.outputs!.map((output) => storedAs(page, output)));
        if (!isMeasured(cell)) expect([i, seen[i]]).toEqual([i, wanted]);
        else if (/\bmeasured\(/.test(joined(cell.source)))
          expect(JSON.stringify(seen[i])).toMatch(/recorded run.*A page does not measure/);
      }
      expect(await faultyIds(page)).toEqual({ twice: [], lost: [] });
    }),
  );

  test("an edit marks what is below it, changes it when it is run, and outlives a reload until it is reset", () =>
    used("1-counting-flops", async (page) => {
      const before = await outputText(page, 4);
      await rewrite(page, 1, "function countFlopsLinear() { return 7; }");
      expect(await staleCells(page)).toEqual(cellsOf("1-counting-flops").flatMap((_, i) => (i >= 1 ? [i] : [])));
      await rewrite(page, 4, "console.log(countFlopsLinear(768, 3072, 1));");
      await page.keyboard.press("Shift+Enter");
      await says(page, 4, "ran");
      expect((await outputText(page, 4)).trim()).toBe("7");
      expect(await staleCells(page)).not.toContain(4);
      expect(await staleCells(page)).toContain(5);
      await page.reload();
      await page.waitForSelector(".cm-content");
      expect(await page.locator("section[data-cell]").nth(1).locator(".cm-content").innerText()).toContain("return 7;");
      await page.click("[data-does=reset]");
      expect(await outputText(page, 4)).toBe(before);
      expect([await staleCells(page), await page.locator(".cm-editor").count()]).toEqual([[], 0]);
      await page.reload();
      expect(await page.locator(".cm-editor").count()).toBe(0);
    }));

  test("an error stands in its cell with the reader's line, and nothing runs on its ruins", () =>
    used("1-counting-flops", async (page) => {
      await rewrite(page, 2, 'const a: number = 1;\nif (a)\n  throw new RangeError("no <b>markup</b>");');
      await press(page, 2, "from");
      await allRan(page).catch(() => undefined);
      await says(page, 2, "failed");
      expect(await outputText(page, 2)).toBe("RangeError: no <b>markup</b>\n    at cell:3:9");
      expect((await said(page))[3]).toBe("not run: cell 3 did not run to its end");
      await rewrite(page, 2, "const b = ;");
      await press(page, 2, "run");
      await page.waitForFunction(() => document.body.innerText.includes("SyntaxError at cell:1:11"));
      await rewrite(page, 2, "const conv = 1;");
      await rewrite(page, 3, "const conv = 2;");
      await rewrite(page, 4, "conv");
      await press(page, 4, "run");
      await says(page, 4, "ran");
      expect((await outputText(page, 4)).trim()).toBe("2");
    }));

  test("a loop that never ends leaves the page alive: it says how to get out, and the edit is not lost", () =>
    used("1-counting-flops", async (page) => {
      const source = "for (;;) {}";
      await rewrite(page, 1, source);
      await press(page, 1, "run");
      await press(page, 0, "run"); // it waits for the other
      await page.waitForSelector(".strip:not([hidden]) [data-does=stop]");
      expect(await page.locator(".strip").innerText()).toContain("Stop ends it; your edits are kept.");
      await page.click("[data-does=stop]");
      await says(page, 1, "stopped");
      expect(await outputText(page, 1)).toBe("Interrupted: the cell was stopped");
      expect(await page.locator("section[data-cell]").nth(1).locator(".cm-content").innerText()).toBe(source);
      await rewrite(page, 1, "1 + 1");
      await press(page, 1, "run");
      await says(page, 1, "ran");
      expect((await outputText(page, 1)).trim()).toBe("2");
      await rewrite(page, 2, source);
      await press(page, 2, "run");
      await page.waitForSelector(".strip:not([hidden])");
      await page.click("[data-does=reset]");
      expect([await staleCells(page), await page.locator(".cm-editor").count()]).toEqual([[], 0]);
      await press(page, 2, "run");
      await says(page, 2, "ran");
    }));

  test("the reader's own code reaches no network", async () => {
    const page = await browser.context.newPage();
    const heard = await listening();
    await page.goto(address("1-counting-flops"));
    await rewrite(page, 1, `await fetch("${heard.address}");`);
    await press(page, 1, "run");
    await says(page, 1, "failed");
    expect(await outputText(page, 1)).toMatch(/^TypeError: (Failed to fetch|NetworkError when attempting to fetch)/);
    await page.click("[data-does=reset]");
    expect(heard.requests).toEqual([]);
    await page.close();
    heard.close();
  });

  test("an exercise is checked in place, its hint comes at a button, and what was right is kept", () =>
    used("1-counting-flops", async (page) => {
      const cells = cellsOf("1-counting-flops");
      const index = cells.findIndex((cell) => joined(cell.source).includes('exercise("stem-convolution")'));
      const count = cells.filter((cell) => joined(cell.source).includes("exercise(")).length;
      await rewrite(page, index, 'check("stem-convolution", 112 * 112 * 64 * 147);');
      await press(page, index, "run");
      await says(page, index, "ran");
      expect(await outputText(page, index)).toContain("stem-convolution: right:");
      expect(await page.innerText(".score")).toBe(`1 of ${count} exercises right`);
      await press(page, index + 1, "run");
      await says(page, index + 1, "ran");
      expect(await outputText(page, index + 1)).toContain("no answer yet");
      await press(page, index + 1, "hint");
      await page.waitForFunction(() => document.body.innerText.includes("Hint 1 of"));
      await page.reload();
      await page.waitForFunction(
        (score) => document.querySelector(".score")!.textContent === score,
        `1 of ${count} exercises right`,
      );
      await page.click("[data-does=forget]");
      expect(await page.innerText(".score")).toBe(`0 of ${count} exercises right`);
    }));

  test("an explorable that was run in the page moves with the keyboard, drawn by the library", () =>
    used("3-roofline", async (page) => {
      const index = cellsOf("3-roofline").findIndex((cell) => joined(cell.source).includes("layerExplorer("));
      await press(page, index, "run");
      await says(page, index, "ran");
      const cell = page.locator("section[data-cell]").nth(index);
      const before = await cell.locator(".chart desc").first().textContent();
      await cell.locator("input[type=range]").first().press("ArrowRight");
      await page.waitForFunction(
        ([i, old]) => document.querySelectorAll("section[data-cell]")[i]!.querySelector("desc")!.textContent !== old,
        [index, before] as const,
      );
      expect(await cell.locator(".chart desc").first().textContent()).toContain("batch 67 at");
    }));

  test.each(["light", "dark"] as const)("an edited %s page reads well on a phone", async (colorScheme) => {
    const phone = await openBrowser({ viewport: { width: 390, height: 844 }, colorScheme }, engine);
    const code = 'import { cost } from "../lib"; // a comment\nconst n: number = 4; const t = `text ${n}`;';
    const look = async (page: Page): Promise<void> => {
      expect(await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches)).toBe(
        colorScheme === "dark",
      );
      await rewrite(page, 4, code);
      await press(page, 4, "run");
      await says(page, 4, "ran");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await dimTexts(page, ".bar *, .live *, .cm-content *", 4.5)).toEqual([]);
    };
    await used("1-counting-flops", look, phone).finally(() => phone.close());
  });
});
