// explore.html measures the machine in front of it: the figures become a device of the list, and the answers are those
// that the command line gives for it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser, watched } from "../support/browser.js";
import { agree } from "../support/explorePage.js";
import { lacksBrowser, temporaryFolder, titled } from "../support/hosts.js";
import { exportStored } from "../support/stored.js";

const lack = lacksBrowser();

describe.skipIf(lack)(titled("explore.html", lack), () => {
  const site = join(temporaryFolder(), "site");
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    await exportStored(site);
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(() => browser?.close());

  test("measures this machine when it is asked to, and stops when it is told to", async () => {
    const page = await browser.context.newPage();
    const { complaints } = watched(page);
    await page.goto(`${pathToFileURL(join(site, "explore.html")).href}#model=resnet50&dtype=fp32`);
    const [start, stop] = [page.locator(".machine button").first(), page.locator(".machine button").last()];
    await start.click();
    await stop.click();
    await page.waitForFunction(() => document.querySelector(".machine p")!.textContent === "Stopped.");
    await start.click();
    await page.waitForSelector(".machine button:first-child:disabled");
    await page.waitForSelector(".machine button:first-child:not(:disabled)", { timeout: 120_000 });
    const said = (await page.textContent(".machine p"))!;
    const figures = await page.$eval("select[name=device]", (e) => (e as HTMLSelectElement).value);
    expect(complaints).toEqual([]);
    // A machine that is too busy to be believed is refused, in one sentence.
    if (!figures.startsWith("{")) return expect(said).toMatch(/^[^\n%]{20,}$/);
    expect(said).toMatch(/^Its peak is of fp32/);
    const { name, peakFlops } = JSON.parse(figures) as { name: string; peakFlops: { fp32: number } };
    expect(peakFlops.fp32).toBeGreaterThan(0);
    await page.waitForFunction((each) => document.querySelector(".results")!.textContent!.includes(each), `On ${name}`);
    await agree(page);
  }, 180_000);
});
