import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, watched } from "../support/browser.js";
import {
  environment,
  finished,
  lacksBrowser,
  lacksPython,
  python,
  root,
  temporaryFolder,
  titled,
} from "../support/hosts.js";
import { notebook, type Cell, type Notebook } from "../support/notebook.js";

const names = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(/ipynb$/, "html"))
  .sort();
const lack = lacksPython() ?? lacksBrowser();

/** The part of reveal.js that is used here. */
interface Deck {
  getIndices(slide: Element): { h: number; v: number };
  slide(h: number, v: number, step?: number): void;
  next(): void;
}

describe.skipIf(lack)(titled("npm run slides", lack), () => {
  const folder = join(temporaryFolder(), "slides");
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    const done = await finished("npm", ["run", "slides", "--silent", "--", "--output", folder], { env: environment() });
    expect([done.status, done.stderr]).toEqual([0, ""]);
    browser = await openBrowser({ viewport: { width: 1280, height: 720 } });
  }, 300_000);
  afterAll(() => browser?.close());

  test("writes one deck for each lecture", () => expect(readdirSync(folder).sort()).toEqual(names));

  test.each(names)(
    "%s: no slide is empty or runs over its edge, outputs follow their code, nothing is loaded",
    async (name) => {
      const page = await browser.context.newPage();
      try {
        const { requests, complaints } = watched(page);
        await page.goto(pathToFileURL(join(folder, name)).href, { waitUntil: "load" });
        const slides = await page.evaluate(() =>
          [...document.querySelectorAll(".slides > section > section")].map((slide) => ({
            letters: (slide.textContent ?? "").trim().length,
            parts: slide.children.length,
            deeper: slide.querySelectorAll("section").length,
          })),
        );
        expect(slides.length).toBeGreaterThan(15);
        for (const { letters, parts, deeper } of slides) {
          expect(letters).toBeGreaterThan(10);
          expect(parts).toBeGreaterThan(0);
          expect(deeper).toBe(0);
        }
        const output = page.locator(".fragment .chart").first();
        expect(await output.evaluate((e) => getComputedStyle(e.closest(".fragment")!).visibility)).toBe("hidden");
        await output.evaluate((e) => {
          const { Reveal: reveal } = globalThis as unknown as { Reveal: Deck };
          const { h, v } = reveal.getIndices(e.closest("section")!);
          reveal.slide(h, v);
          reveal.next();
        });
        await expect
          .poll(() => output.evaluate((e) => getComputedStyle(e.closest(".fragment")!).visibility))
          .toBe("visible");
        const over = await page.evaluate(async () => {
          const { Reveal: reveal } = globalThis as unknown as { Reveal: Deck };
          const found: string[] = [];
          for (const slide of document.querySelectorAll(".slides > section > section")) {
            const { h, v } = reveal.getIndices(slide);
            for (const step of [-1, 99]) {
              reveal.slide(h, v, step);
              await new Promise((done) => requestAnimationFrame(done));
              const zoom = Number(slide.querySelector<HTMLElement>(".fit")!.style.zoom || 1);
              const fits = slide.scrollHeight <= 720 && slide.scrollWidth <= 1280 && zoom >= 0.6;
              if (!fits) found.push(`${h}.${v}: ${slide.scrollWidth} × ${slide.scrollHeight} at ${zoom}`);
            }
          }
          return found;
        });
        expect(over).toEqual([]);
        expect([requests, complaints]).toEqual([[pathToFileURL(join(folder, name)).href], []]);
      } finally {
        await page.close();
      }
    },
  );

  test("a teacher's note stands in the speaker's view, and not on the slide", { timeout: 120_000 }, async () => {
    const path = join(temporaryFolder(), "noted.ipynb");
    const noted = JSON.parse(notebook(["1 + 1"])) as Notebook;
    const prose = (id: string, kind: string, source: string): Cell => ({
      cell_type: "markdown",
      id,
      metadata: { slideshow: { slide_type: kind } },
      source,
    });
    noted.cells.unshift(prose("a", "slide", "# A lecture"), prose("b", "notes", "**For the teacher** (3 min). Wait."));
    writeFileSync(path, JSON.stringify(noted));
    const decks = join(temporaryFolder(), "decks");
    const lectures = join(root, "scripts", "lectures.py");
    const done = await finished(python, [lectures, "slides", path, "--output", decks], { env: environment() });
    expect([done.status, done.stderr]).toEqual([0, ""]);
    const page = await browser.context.newPage();
    const { complaints } = watched(page);
    await page.goto(pathToFileURL(join(decks, "noted.html")).href, { waitUntil: "load" });
    expect(await page.getByText("For the teacher").isVisible()).toBe(false);
    const [view] = await Promise.all([browser.context.waitForEvent("page"), page.keyboard.press("s")]);
    await view.getByText("For the teacher").waitFor();
    const slide = view.frameLocator("iframe").first();
    await slide.getByRole("heading", { name: "A lecture" }).waitFor();
    expect(complaints).toEqual([]);
    await view.close();
    await page.close();
  });
});
