// Chromium and Firefox, driven by playwright-core, and what a test can ask of a page.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium as driver, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { chromium } from "./chromium.js";
import { launchFirefox } from "./firefox.js";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browsers that pages are tried in. */
export type Engine = "chromium" | "firefox";

/** A browser that was opened. */
interface Opened {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** A browser with a new, empty profile that goes with it. */
export async function openBrowser(options: BrowserContextOptions = {}, engine: Engine = "chromium"): Promise<Opened> {
  if (engine === "firefox") return openFirefox(options);
  const profile = mkdtempSync(join(tmpdir(), "ridgepoint-browser-"));
  const context = await driver.launchPersistentContext(profile, {
    executablePath: chromium()!,
    headless: true,
    args,
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function openFirefox({
  colorScheme,
  javaScriptEnabled = true,
  ...options
}: BrowserContextOptions): Promise<Opened> {
  const browser = await launchFirefox(colorScheme === "dark" ? "dark" : "light", javaScriptEnabled);
  return { context: await browser.newContext(options), close: () => browser.close() };
}

/** What a page did that a reader does not see: the addresses it asked for, and what it complained of. */
export function watched(page: Page): { requests: string[]; complaints: string[] } {
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  return { requests, complaints };
}

/** Texts whose colour is closer to their background than `least` (WCAG's contrast ratio), outside pictures. */
export function dimTexts(page: Page, selector: string, least: number): Promise<string[]> {
  return page.evaluate(
    ({ selector, least }) => {
      const parse = (colour: string) => {
        const found = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(colour);
        if (!found) throw new Error(`a colour that this test does not read: ${colour}`);
        return { rgb: found.slice(1, 4).map(Number), alpha: found[4] === undefined ? 1 : Number(found[4]) };
      };
      const over = (front: { rgb: number[]; alpha: number }, back: number[]) =>
        front.rgb.map((c, i) => c * front.alpha + back[i]! * (1 - front.alpha));
      const luminance = (rgb: number[]) => {
        const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const background = (element: Element): number[] => {
        const own = parse(getComputedStyle(element).backgroundColor);
        return own.alpha === 1
          ? own.rgb
          : over(own, element.parentElement ? background(element.parentElement) : [255, 255, 255]);
      };
      const dim: string[] = [];
      for (const element of document.querySelectorAll(selector)) {
        const text = [...element.childNodes]
          .filter((node) => node.nodeType === 3)
          .map((node) => node.textContent!.trim())
          .join(" ")
          .trim();
        if (!text || element.closest("svg") || !element.getClientRects().length) continue;
        const back = background(element);
        const [high, low] = [luminance(over(parse(getComputedStyle(element).color), back)), luminance(back)].sort(
          (a, b) => b - a,
        );
        const ratio = (high! + 0.05) / (low! + 0.05);
        if (ratio < least)
          dim.push(
            `${ratio.toFixed(1)}: <${element.localName} ` +
              `class="${element.getAttribute("class") ?? ""}"> ${text.slice(0, 40)}`,
          );
      }
      return [...new Set(dim)];
    },
    { selector, least },
  );
}
