// Every page of the site before axe: as it is opened, and after its cells were run and edited, light and dark.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violations } from "../support/axe.js";
import { openBrowser } from "../support/browser.js";
import { lacksBrowser, root, temporaryFolder, titled } from "../support/hosts.js";
import { allRan, press, rewrite, says } from "../support/livePage.js";
import { exportStored } from "../support/stored.js";

const lectures = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => name.replace(/ipynb$/, "html"));
const lack = lacksBrowser();

describe.skipIf(lack)(titled("axe finds nothing against", lack), () => {
  const site = join(temporaryFolder(), "site");
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    await exportStored(site);
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(() => browser?.close());

  async function opened(name: string, use: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.context.newPage();
    try {
      await page.goto(pathToFileURL(join(site, name)).href);
      await use(page);
    } finally {
      await page.close();
    }
  }

  /** On a light page by every rule, on a dark one by those that are of colours. */
  async function inBothColours(page: Page): Promise<void> {
    await page.emulateMedia({ colorScheme: "light" });
    expect(["light", await violations(page)]).toEqual(["light", []]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(["dark", await violations(page, ["color-contrast", "link-in-text-block"])]).toEqual(["dark", []]);
  }

  test("a page that breaks a rule is told of", () =>
    opened("index.html", async (page) => {
      await page.evaluate(() => document.querySelector("main")!.append(document.createElement("button")));
      expect(await violations(page)).toEqual([expect.stringMatching(/^button-name: .*1 times: <button>/)]);
    }));

  test("pages that run no cell", async () => {
    const others = readdirSync(site).filter((name) => !lectures.includes(name));
    expect(others).toContain("index.html");
    for (const name of others) await opened(name, inBothColours);
  });

  test.each(lectures)("%s, before and after its cells were run and edited", (name) =>
    opened(name, async (page) => {
      await inBothColours(page);
      await page.click("[data-does=all]");
      await allRan(page);
      await rewrite(page, 0, 'throw new Error("on purpose");');
      await press(page, 0, "run");
      await says(page, 0, "failed");
      await inBothColours(page);
    }),
  );
});
