// The explorers of the lectures' live pages, in a real browser, by mouse and by keyboard: at every setting they show
// what the library says, and what cannot be is said in the pictures' place.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device } from "../../lib/devices.js";
import * as lessons from "../../lib/lesson/index.js";
import { openBrowser, watched } from "../support/browser.js";
import { moveControl, setTo, sightOf, sightWhen, type Sight } from "../support/explorers.js";
import { lacksBrowser, temporaryFolder, titled } from "../support/hosts.js";
import { exportStored } from "../support/stored.js";

const places = [
  ["1-counting-flops", "convolutionExplorer", lessons.convolutionExplorer()],
  ["1-counting-flops", "tilingExplorer", lessons.tilingExplorer()],
  ["2-memory-bandwidth", "attentionExplorer", lessons.attentionExplorer()],
  ["3-roofline", "layerExplorer", lessons.layerExplorer()],
  ["3-roofline", "memoryExplorer", lessons.memoryExplorer()],
  ["5-memory-layout", "cacheExplorer", lessons.cacheExplorer()],
] as const;
type Called = (typeof places)[number][1];
const lack = lacksBrowser();

/** What the library says of a state. */
function wanted(explorer: lessons.Explorable, state: lessons.ExplorableState): Sight {
  try {
    const { charts, sentence } = explorer.view(state);
    const pictures = charts.map(({ description }) => description);
    return { pictures, sentence: sentence ?? pictures.join(" ") };
  } catch (error) {
    return { pictures: [], sentence: (error as Error).message };
  }
}

/** How long moves of the first slider or list take until the picture stands, in ms, from the shortest. */
const moveTimes = (root: Locator): Promise<number[]> =>
  root.evaluate(async (block) => {
    const box = block.querySelector(".chart")!;
    const slider = [...block.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[type=range], select")][0]!;
    const found: number[] = [];
    for (let k = 0; k < 21; k++) {
      const drawn = new Promise((resolve) => {
        const watch = new MutationObserver(() => {
          watch.disconnect();
          resolve(undefined);
        });
        watch.observe(box, { childList: true, subtree: true });
      });
      const began = performance.now();
      if (slider instanceof HTMLSelectElement) slider.selectedIndex = k % 2 ? 0 : 1;
      else slider.value = String(Number(slider.max) * (k % 2 ? 0 : 0.5));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await drawn;
      found.push(performance.now() - began);
    }
    return found.sort((a, b) => a - b);
  });

describe.skipIf(lack)(titled("explorers of a live page", lack), () => {
  const site = join(temporaryFolder(), "site");
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    await exportStored(site);
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(() => browser?.close());

  /** Runs the cell that calls explorer `name`, and hands over its block; nothing may go wrong on the way. */
  async function used(called: Called, use: (root: Locator, page: Page) => Promise<void>): Promise<void> {
    const [lecture] = places.find(([, name]) => name === called)!;
    const page = await browser.context.newPage();
    const { requests, complaints } = watched(page);
    try {
      const address = pathToFileURL(join(site, `${lecture}.html`)).href;
      await page.goto(address);
      const cell = page.locator("section[data-cell]").filter({ hasText: `show(${called}(` });
      await cell.locator("[data-does=run]").click();
      const root = cell.locator(".explorer");
      await root.waitFor({ timeout: 60_000 });
      await use(root, page);
      expect(complaints).toEqual([]);
      expect(requests.filter((each) => !each.startsWith("blob:") && each !== address)).toEqual([]);
    } finally {
      await page.close();
    }
  }

  test.each(places)("%s: %s shows the library's figures at twenty settings", { timeout: 240_000 }, (_, called, own) =>
    used(called, async (root, page) => {
      expect(await sightOf(root)).toEqual(wanted(own, own.first));
      for (let k = 0; k < 20; k++) {
        await moveControl(page, root, k % own.controls.length, k);
        const state = await setTo(root, own.controls);
        const should = wanted(own, state);
        expect({ state, ...(await sightWhen(root, should)) }).toEqual({ state, ...should });
      }
      await root.getByRole("button", { name: "Reset" }).press("Enter");
      expect(await sightWhen(root, wanted(own, own.first))).toEqual(wanted(own, own.first));
      expect(await setTo(root, own.controls)).toEqual(own.first);
      const times = await moveTimes(root);
      console.log(`${called}: a move takes ${times[10]!.toFixed(0)} ms (median), ${times[20]!.toFixed(0)} ms (most)`);
      expect(times.length).toBe(21);
    }),
  );

  test("the layer's point is dragged along the roof, and sets the batch", () =>
    used("layerExplorer", async (root, page) => {
      const own = lessons.layerExplorer();
      const handle = root.locator(".handle");
      await handle.scrollIntoViewIfNeeded();
      const box = (await handle.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x - 30, box.y + 60, { steps: 8 });
      await page.mouse.up();
      const state = await setTo(root, own.controls);
      expect(Number(state["batch"])).toBeLessThan(40);
      expect(await sightWhen(root, wanted(own, state))).toEqual(wanted(own, state));
      const after = (await handle.boundingBox())!;
      expect(after.x).toBeLessThan(box.x - 10);
      expect(after.y).toBeGreaterThan(box.y + 10);
    }));

  test("what cannot be is said in one line, and no picture stands beside it", () =>
    used("layerExplorer", async (root) => {
      const own = lessons.layerExplorer();
      const select = root.getByRole("combobox", { name: /^Device/ });
      await select.selectOption(device("v100-sxm2").name);
      const should = wanted(own, { ...own.first, device: device("v100-sxm2").name });
      expect(should.pictures).toEqual([]);
      expect(await sightWhen(root, should)).toEqual(should);
      expect(await root.locator("svg, table, .handle:visible").count()).toBe(0);
      await root.getByRole("combobox", { name: /^Dtype/ }).selectOption("fp16");
      const possible = wanted(own, { ...own.first, device: device("v100-sxm2").name, dtype: "fp16" });
      expect(possible.pictures).toHaveLength(2);
      expect(await sightWhen(root, possible)).toEqual(possible);
    }));

  test("the exact number is typed, and what is no number of the range is not kept", () =>
    used("layerExplorer", async (root) => {
      const own = lessons.layerExplorer();
      const exact = root.getByLabel("Batch, exact");
      await exact.fill("345");
      expect(await sightWhen(root, wanted(own, { ...own.first, batch: 345 }))).toEqual(
        wanted(own, { ...own.first, batch: 345 }),
      );
      for (const typed of ["0", "-3", "1.5", "999999", ""]) {
        await exact.fill(typed);
        await exact.blur();
        expect(await exact.inputValue()).toBe("345");
      }
    }));

  test("a walk runs by itself, unless the reader asked for less motion", { timeout: 120_000 }, () =>
    used("cacheExplorer", async (root, page) => {
      const own = lessons.cacheExplorer();
      const play = root.getByRole("button", { name: "Play: Accesses" });
      await play.click();
      await page.waitForTimeout(1500);
      await root.getByRole("button", { name: "Stop: Accesses" }).click();
      const state = await setTo(root, own.controls);
      expect(Number(state["done"])).toBeGreaterThan(2);
      expect(Number(state["done"])).toBeLessThan(60);
      expect(await sightWhen(root, wanted(own, state))).toEqual(wanted(own, state));
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page
        .locator("section[data-cell]")
        .filter({ hasText: "show(cacheExplorer(" })
        .locator("[data-does=run]")
        .click();
      await root.getByRole("button", { name: "Reset" }).waitFor();
      await expect.poll(() => root.getByRole("button", { name: /Play|Stop/ }).count()).toBe(0);
    }),
  );

  test("every control has a name, and the page is no wider than a phone", () =>
    used("layerExplorer", async (root, page) => {
      await page.setViewportSize({ width: 390, height: 844 });
      const names = await root
        .locator("input, select, button")
        .evaluateAll((all) =>
          (all as HTMLInputElement[]).map(
            (each) => each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent?.trim() ?? each.textContent,
          ),
        );
      expect(names.filter((name) => !name)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    }));
});
