// Without scripts a lecture's page reads complete, in either browser: every stored output is there to be seen.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.js";
import { lacksBrowser, root, temporaryFolder } from "../support/hosts.js";
import { outputs, storedAs } from "../support/livePage.js";
import { codeCells, type Notebook } from "../support/notebook.js";
import { exportStored } from "../support/stored.js";

const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
const engines = (["chromium", "firefox"] as const).map((engine) => [engine, lacksBrowser(engine)] as const);
const site = join(temporaryFolder(), "site");
beforeAll(() => exportStored(site));

describe.skip.each(engines.filter(([, lack]) => lack))("without scripts, in %s (skipped: %s)", () => test("reads"));
describe.each(engines.filter(([, lack]) => !lack))("without scripts, in %s,", (engine) => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    browser = await openBrowser({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } }, engine);
  });
  afterAll(() => browser?.close());

  test.each(notebooks)("%s reads complete, and its page offers nothing that would not work", async (name) => {
    const page = await browser.context.newPage();
    await page.goto(pathToFileURL(join(site, name.replace(/ipynb$/, "html"))).href);
    const cells = codeCells(JSON.parse(readFileSync(join(root, "notebooks", name), "utf8")) as Notebook);
    const seen = await outputs(page);
    for (const [i, cell] of cells.entries())
      expect(seen[i]).toEqual(await Promise.all(cell.outputs!.map((output) => storedAs(page, output))));
    const unseen = await page.$$eval(".outputs > *", (all) =>
      (all as HTMLElement[])
        .filter((each) => {
          const { width, height } = each.getBoundingClientRect();
          const text = each.matches("pre") && each.innerText.trim() !== each.textContent!.trim();
          return text || width < 8 || height < 8 || !each.checkVisibility({ visibilityProperty: true });
        })
        .map((each) => each.outerHTML.slice(0, 80)),
    );
    expect(unseen).toEqual([]);
    const sources = await page.$$eval("section[data-cell] .highlight pre", (all) => all.map((e) => e.textContent));
    expect(sources.length).toBe(cells.length);
    const pictures = await page.$$eval(".outputs img", (all) =>
      (all as HTMLImageElement[]).map((each) => each.alt.length > 20 && each.complete && each.naturalWidth > 100),
    );
    expect(pictures).toEqual(pictures.map(() => true));
    expect(await page.locator("button").count()).toBe(0);
    await page.close();
  });
});
