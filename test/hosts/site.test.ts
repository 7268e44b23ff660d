import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dimTexts, openBrowser } from "../support/browser.js";
import {
  environment,
  finished,
  lacksBrowser,
  lacksPython,
  root,
  temporaryFolder,
  titled,
  type Finished,
} from "../support/hosts.js";
import { keptPages } from "../support/kept.js";
import {
  faultyIds,
  foreignSources,
  formulas,
  namelessPictures,
  paintedMarks,
  paperBrightness,
  smallTexts,
} from "../support/pages.js";
import { codeCells, isMeasured, joined, plainly, type Notebook } from "../support/notebook.js";

const folder = join(root, "notebooks");
const site = join(root, "site");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort();
const stored = Object.fromEntries(
  names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook]),
);
const pages = ["index.html", ...names.map((name) => name.replace(/ipynb$/, "html"))];
const lack = lacksPython();
const lackToo = lacksBrowser();

describe.skipIf(lack)(titled("npm start", lack), () => {
  const temporary = temporaryFolder();
  let done: Finished;
  let ran: Record<string, Notebook>;

  beforeAll(async () => {
    rmSync(site, { recursive: true, force: true });
    const file = join(temporary, "ran.json");
    done = await finished("npm", ["start", "--silent", "--", "--json", file], { env: environment() });
    if (done.status === 0) ran = JSON.parse(readFileSync(file, "utf8")) as Record<string, Notebook>;
  }, 540_000);

  test("ends well, tells of each lecture, and says where they are and how long it took", () => {
    expect([done.status, done.stderr]).toEqual([0, ""]);
    const said = done.stdout
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("building"));
    expect(said.length).toBe(names.length + 2);
    names.forEach((name, i) =>
      expect(said[i]).toMatch(
        new RegExp(
          `^ran     ${name.replaceAll(".", "\\.")} +[\\d.]+ s(  \\(\\d+ recorded runs? shown: the page says why\\))?$`,
        ),
      ),
    );
    expect(said.at(-1)).toMatch(new RegExp(`^The lectures are in .*index\\.html \\([\\d.]+ s\\)\\.$`));
    expect(said.at(-1)).toContain(join(site, "index.html"));
  });

  test("writes a page for each lecture, those around them, and nothing else", () => {
    expect(readdirSync(site).sort()).toEqual([...pages, "explore.html", "glossary.html"].sort());
  });

  test.each(names)("%s gives the stored outputs byte for byte, but in cells tagged `measured`", (name) => {
    const cells = codeCells(ran[name]!);
    const kept = codeCells(stored[name]!);
    expect(cells.length).toBe(kept.length);
    expect(
      cells
        .flatMap((cell) => cell.outputs!)
        .filter((output) => output.output_type === "error" || output.name === "stderr"),
    ).toEqual([]);
    cells.forEach((cell, i) => {
      if (isMeasured(cell)) expect(cell.outputs!.length).toBeGreaterThan(0);
      else expect(plainly(cell.outputs!)).toEqual(plainly(kept[i]!.outputs!));
    });
  });

  describe.skipIf(lackToo)(titled("its pages in a browser", lackToo), () => {
    let browser: Awaited<ReturnType<typeof openBrowser>>;
    beforeAll(async () => {
      browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
    });
    afterAll(() => browser?.close());

    const opened = keptPages(() => browser.context, site);

    const ids = new Map<string, Promise<string[]>>();
    function idsOf(name: string): Promise<string[]> {
      if (!ids.has(name))
        ids.set(
          name,
          opened(name, (page) => page.$$eval("[id]", (all) => all.map((e) => e.id))),
        );
      return ids.get(name)!;
    }

    test.each(pages)("%s asks for itself and nothing else, and complains of nothing", (name) =>
      opened(name, async (page, { requests, complaints }) => {
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        await page.waitForTimeout(300);
        expect(requests).toEqual([pathToFileURL(join(site, name)).href]);
        expect(complaints).toEqual([]);
        expect(await foreignSources(page)).toEqual([]);
      }),
    );

    test.each(pages)("%s has ids that are all different, and every reference finds one", (name) =>
      opened(name, async (page) => {
        expect(await faultyIds(page)).toEqual({ twice: [], lost: [] });
      }),
    );

    test.each(pages)("%s: every link to a page or a heading of the site leads there", (name) =>
      opened(name, async (page) => {
        const links = await page.$$eval("a[href]", (all) => all.map((a) => (a as HTMLAnchorElement).href));
        for (const link of links.filter((address) => address.startsWith("file:"))) {
          const { hash, pathname } = new URL(link);
          const file = fileURLToPath(`file://${pathname}`);
          expect([link, existsSync(file)]).toEqual([link, true]);
          if (hash)
            expect([link, (await idsOf(basename(file))).includes(decodeURIComponent(hash.slice(1)))]).toEqual([
              link,
              true,
            ]);
        }
        expect(links.filter((address) => !/^(file|https):/.test(address))).toEqual([]);
      }),
    );

    test("index.html leads to every lecture, and each lecture to the index", async () => {
      const targets = await opened("index.html", (page) =>
        page.$$eval("main a[href]", (all) => all.map((a) => a.getAttribute("href"))),
      );
      expect(targets).toEqual(expect.arrayContaining(pages.slice(1)));
      for (const name of pages.slice(1))
        expect(await opened(name, (page) => page.$$eval("nav a[href='index.html']", (all) => all.length))).toBe(1);
    });

    test.each(pages.slice(1))("%s has at least three pictures in it, drawn and painted", (name) =>
      opened(name, async (page) => {
        const marks = await paintedMarks(page);
        expect(marks.filter((n) => n > 5).length).toBeGreaterThanOrEqual(3);
        expect(await namelessPictures(page)).toBe(0);
      }),
    );

    test.each(pages)("%s is no wider than a phone's 390 points, and its text is not small", (name) =>
      opened(name, async (page) => {
        await page.setViewportSize({ width: 390, height: 844 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        expect(await smallTexts(page)).toEqual([]);
      }),
    );

    test.each(
      pages.flatMap(
        (name) =>
          [
            [name, "light"],
            [name, "dark"],
          ] as const,
      ),
    )("%s reads well on a %s page: contrast 7 in text, 4.5 in code and notes", (name, colorScheme) =>
      opened(name, async (page) => {
        await page.emulateMedia({ colorScheme });
        const paper = await paperBrightness(page);
        if (colorScheme === "dark") expect(paper).toBeLessThan(60);
        else expect(paper).toBeGreaterThan(230);
        expect(
          await dimTexts(
            page,
            "main .text p, main .text li, main h1, main h2, main h3, main .text td, main .text th, main .lectures p",
            7,
          ),
        ).toEqual([]);
        expect(await dimTexts(page, "body *:not(script, style)", 4.5)).toEqual([]);
      }),
    );

    test.each(names)("%s: every formula between $$ is MathML, and none is left as text", (name) =>
      opened(name.replace(/ipynb$/, "html"), async (page) => {
        const written = stored[name]!.cells.filter((cell) => cell.cell_type === "markdown").flatMap((cell) => [
          ...joined(cell.source).matchAll(/\$\$[^$]+\$\$/g),
        ]);
        expect(await formulas(page)).toEqual({ blocks: written.length, flat: 0, errors: 0, left: null });
      }),
    );

    test("3-roofline.html: moving the explorable's slider moves its own pictures, with no kernel", () =>
      opened("3-roofline.html", async (page, { requests, complaints }) => {
        const slider = page.locator("input[type=range]").first();
        const group = slider.locator("xpath=ancestor::*[.//*[local-name()='svg']][1]");
        const own = () => group.locator("svg").evaluateAll((all) => all.map((svg) => svg.outerHTML));
        const pictures = () => page.$$eval("svg", (all) => all.map((svg) => svg.outerHTML));
        const [before, ownBefore] = [await pictures(), await own()];
        await slider.press("ArrowRight");
        const [after, ownAfter] = [await pictures(), await own()];
        expect(ownBefore).toHaveLength(2);
        expect(ownAfter.map((svg, i) => svg === ownBefore[i])).toEqual([false, false]);
        expect(after.length).toBe(before.length);
        expect(after.filter((svg, i) => svg !== before[i])).toEqual(ownAfter);
        expect([requests.length, complaints]).toEqual([1, []]);
      }));
  });
});
