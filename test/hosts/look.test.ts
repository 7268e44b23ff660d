// How the exported pages look: one column, charts of the page's own colours and of a phone's width, folded code, a list
// of contents, notes, and paper.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../support/browser.js";
import { lacksBrowser, root, temporaryFolder, titled } from "../support/hosts.js";
import { keptPages } from "../support/kept.js";
import { press, rewrite } from "../support/livePage.js";
import { cutPictures, edges, lightMarks, pagesOf, smallestLetters, unreadableInCharts } from "../support/look.js";
import { codeCells, joined, type Notebook } from "../support/notebook.js";
import { exportStored } from "../support/stored.js";

const lectures = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(/ipynb$/, "html"))
  .sort();
const pages = ["index.html", ...lectures];
const roofline = JSON.parse(readFileSync(join(root, "notebooks/3-roofline.ipynb"), "utf8")) as Notebook;
const lack = lacksBrowser();

describe.skipIf(lack)(titled("the look of the exported pages", lack), () => {
  const site = join(temporaryFolder(), "site");
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    await exportStored(site);
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
  }, 300_000);
  afterAll(() => browser?.close());

  const opened = keptPages(() => browser.context, site);

  /** A page that is used, and closed behind that. */
  async function used(name: string, use: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.context.newPage();
    await page.goto(pathToFileURL(join(site, name)).href, { waitUntil: "load" });
    await use(page);
    await page.close();
  }

  test.each(pages)("%s: text, code, charts and tables stand on the same two edges", (name) =>
    opened(name, async (page) => {
      const { left, right, out } = await edges(page);
      expect(right - left).toBeGreaterThan(600);
      expect(out).toEqual([]);
    }),
  );

  test.each(pages)("%s: nothing is pushed sideways at 390 px, and charts have letters of 9 px or more", (name) =>
    opened(name, async (page) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.waitForTimeout(100);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(
        await page.$$eval(".chart, .wide", (all) =>
          all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent!.trim().slice(0, 60)),
        ),
      ).toEqual([]);
      expect(await smallestLetters(page)).toBeGreaterThanOrEqual(9);
    }),
  );

  test.each(pages)("%s: its charts are no white plates on a dark page, and read on it", (name) =>
    opened(name, async (page) => {
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await lightMarks(page)).toEqual([]);
      expect(await unreadableInCharts(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "light" });
      // Within marks the drawing's own ink stays, white or dark (theme.ts, inkOn), as in the notebook.
      expect(await unreadableInCharts(page)).toEqual([]);
    }),
  );

  test.each(lectures)("%s: charts have the reader's own colours where those are forced", (name) =>
    opened(name, async (page) => {
      await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
      const [card, paper] = await page.evaluate(() => [
        getComputedStyle(document.querySelector(".chart svg > rect")!).fill,
        getComputedStyle(document.body).backgroundColor,
      ]);
      expect(card).toBe(paper);
      expect(await unreadableInCharts(page)).toEqual([]);
    }),
  );

  test.each(lectures)("%s: the list of contents names every heading, leads to it and follows the reader", (name) =>
    opened(name, async (page) => {
      const named = await page.$$eval(".contents a", (all) =>
        all.map((a) => decodeURIComponent((a as HTMLAnchorElement).hash.slice(1))),
      );
      expect(named).toEqual(await page.$$eval("main :is(h2, h3)", (all) => all.map((h) => h.id)));
      expect(await page.locator(".contents").evaluate((list) => (list as HTMLDetailsElement).open)).toBe(true);
      for (const at of [3, named.length - 1, 1]) {
        await page.evaluate((id) => document.getElementById(id)!.scrollIntoView(), named[at]!);
        const marked = page.locator(".contents a[aria-current]");
        if (at < named.length - 1)
          await expect
            .poll(() => marked.getAttribute("href").then((to) => decodeURIComponent(to ?? "")))
            .toBe(`#${named[at]}`);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await expect.poll(() => page.locator(".contents").getAttribute("open")).toBe(null);
    }),
  );

  test("code of more than eight lines that draws is folded below its picture, and opens when it is run or edited", () =>
    used("3-roofline.html", async (page) => {
      const folded = await page.$$eval("section[data-cell]", (all) =>
        all.flatMap((e, i) => (e.querySelector(":scope > .outputs ~ details.fold") ? [i] : [])),
      );
      const long = codeCells(roofline).flatMap((cell, i) => {
        const code = joined(cell.source);
        const draws = cell.outputs!.some(
          ({ data = {} }) => "image/svg+xml" in data || joined(data["text/html"]).includes('role="group"'),
        );
        return code.split("\n").length > 8 && draws && !/\bcheck\(/.test(code) ? [i] : [];
      });
      expect(long.length).toBeGreaterThan(1);
      expect(folded).toEqual(long);
      const isOpen = (index: number) =>
        page.$$eval(
          "section[data-cell]",
          (all, i) => all[i]!.querySelector<HTMLDetailsElement>("details.fold")!.open,
          index,
        );
      const [first, second] = folded as [number, number];
      expect([await isOpen(first), await isOpen(second)]).toEqual([false, false]);
      await press(page, first, "run");
      await expect.poll(() => isOpen(first)).toBe(true);
      await rewrite(page, second, "1 + 1");
      expect(await isOpen(second)).toBe(true);
    }));

  test("the copy button copies the code as it is written, and as the reader has it", () =>
    used("1-counting-flops.html", async (page) => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      const cell = page.locator("section[data-cell]").nth(1);
      const copied = async () => {
        await cell.hover();
        await cell.locator(".copy").click();
        await expect.poll(() => cell.locator(".copy").textContent()).toBe("Copied");
        return page.evaluate(() => navigator.clipboard.readText());
      };
      expect(`${await copied()}\n`).toBe(await cell.locator(".highlight pre").textContent());
      await rewrite(page, 1, "2 + 2");
      expect(await copied()).toBe("2 + 2");
    }));

  test.each(lectures)("%s: on paper under 20 pages, no chart cut, no control", (name) =>
    opened(name, async (page) => {
      expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).toBeLessThan(20);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      // The width of A4's text at 96 dots an inch.
      await page.setViewportSize({ width: 680, height: 1009 });
      expect(await cutPictures(page, 1009)).toEqual([]);
      const controls = ".bar, .live, .copy, .contents, .top, .onward, .anchor-link, .controls";
      expect(await page.$$eval(controls, (all) => all.filter((e) => e.getClientRects().length).length)).toBe(0);
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
      // Charts too are those of a light page.
      expect(await page.$eval(".chart svg > rect", (card) => getComputedStyle(card).fill)).toBe("rgb(255, 255, 255)");
    }),
  );

  test("the first page leads with a roofline to move, and says how long each lecture takes", () =>
    used("index.html", async (page) => {
      const order = await page.$$eval("main [role=group], main .lectures", (all) => all.map((e) => e.localName));
      expect(order).toEqual(["div", "ol"]);
      const times = await page.$$eval(".lectures .time", (all) => all.map((e) => e.textContent));
      expect(times.length).toBe(lectures.length);
      for (const time of times) expect(time).toMatch(/^About \d+ minutes, \d+ exercises\.$/);
      const before = await page.$eval("main [role=group] svg", (svg) => svg.outerHTML);
      await page.locator("main [role=group] input[type=range]").first().press("ArrowRight");
      expect(await page.$eval("main [role=group] svg", (svg) => svg.outerHTML)).not.toBe(before);
    }));
});
