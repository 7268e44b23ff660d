// What the tests of pages rest on: that a request and a complaint of a page are heard, in either browser.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { openBrowser, watched } from "../support/browser.js";
import { lacksBrowser, temporaryFolder } from "../support/hosts.js";
import { listening } from "../support/listening.js";

const engines = (["chromium", "firefox"] as const).map((engine) => [engine, lacksBrowser(engine)] as const);

describe.skip.each(engines.filter(([, lack]) => lack))("a watched page in %s (skipped: %s)", () => test("is heard"));
describe.each(engines.filter(([, lack]) => !lack))("a watched page in %s", (engine) => {
  test("is heard when it asks, complains, throws or breaks its policy", async () => {
    const folder = temporaryFolder();
    const heard = await listening();
    const browser = await openBrowser({}, engine);
    try {
      const page = await browser.context.newPage();
      const { requests, complaints } = watched(page);
      const worker = `fetch("${heard.address}/worker").catch(() => undefined)`;
      const own = `
        console.error("a word");
        console.warn("a hint");
        new Worker(URL.createObjectURL(new Blob(['${worker}'])));
        fetch("${heard.address}/page").catch(() => undefined);
        setTimeout(() => { throw new Error("a fault"); });`;
      const open = async (name: string, text: string): Promise<void> => {
        writeFileSync(join(folder, name), `<!doctype html><title>${name}</title>${text}`);
        await page.goto(pathToFileURL(join(folder, name)).href);
      };
      await open("open.html", `<img src="${heard.address}/image"><script>${own}</script>`);
      const asked = ["/image", "/page", "/worker"].map((path) => `${heard.address}${path}`);
      await expect.poll(() => requests.filter((each) => each.startsWith("http")).sort()).toEqual(asked);
      await expect.poll(() => complaints.join("\n")).toMatch(/uncaught: .*a fault/);
      expect(complaints).toEqual(expect.arrayContaining(["error: a word", "warning: a hint"]));
      const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`;
      await open("closed.html", `${policy}<script>document.title = "it ran";</script>`);
      await expect.poll(() => complaints.join("\n")).toMatch(/inline script.*directive/);
      expect(await page.title()).toBe("closed.html");
    } finally {
      await browser.close();
      heard.close();
    }
  });
});
