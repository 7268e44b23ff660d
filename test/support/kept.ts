// Pages that are opened once for all tests of a file that look at them and leave them as they were.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { watched } from "./browser.js";

type Seen = ReturnType<typeof watched>;
const viewport = { width: 1280, height: 900 };

/** Hands over pages of `folder` by name; each as it is at first: its top, on a wide light screen. */
export function keptPages(context: () => BrowserContext, folder: string) {
  const kept = new Map<string, Promise<readonly [Page, Seen]>>();
  async function open(name: string): Promise<readonly [Page, Seen]> {
    const page = await context().newPage();
    const seen = watched(page);
    await page.goto(pathToFileURL(join(folder, name)).href, { waitUntil: "load" });
    return [page, seen];
  }
  return async function opened<T>(name: string, look: (page: Page, seen: Seen) => Promise<T>): Promise<T> {
    const found = kept.get(name) ?? open(name);
    kept.set(name, found);
    const [page, seen] = await found;
    await page.bringToFront();
    await page.setViewportSize(viewport);
    await page.emulateMedia({ media: null, colorScheme: "light", forcedColors: "none" });
    await page.evaluate(() => scrollTo(0, 0));
    return look(page, seen);
  };
}
