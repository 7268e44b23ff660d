// A lecture's page as a reader uses it: its cells, their outputs, and what it says of them.
import type { Page } from "playwright-core";
import { joined, type Output } from "./notebook.js";

/** One output as a reader gets it: its text, what a picture shows, or a table's markup. */
export interface Seen {
  readonly kind: "text" | "picture" | "markup" | "explorable";
  readonly content: string;
}

/** What each cell says of itself. */
export const said = (page: Page): Promise<string[]> =>
  page.$$eval("section[data-cell] .said", (all) => all.map((each) => each.textContent ?? ""));

/** Waits until no cell runs or is waited for, and every cell has something to say. */
export const allRan = (page: Page, timeout = 120_000): Promise<unknown> =>
  page.waitForFunction(
    () =>
      [...document.querySelectorAll("section[data-cell] .said")].every((each) =>
        /^(ran|failed|stopped|not run)/.test(each.textContent ?? ""),
      ),
    null,
    { timeout },
  );

/** Waits until cell `index` says so. */
export const says = (page: Page, index: number, text: string): Promise<unknown> =>
  page.waitForFunction(
    ([i, wanted]) => document.querySelectorAll("section[data-cell] .said")[i]?.textContent === wanted,
    [index, text] as const,
    { timeout: 60_000 },
  );

/** The outputs of every cell. */
export const outputs = (page: Page): Promise<Seen[][]> =>
  page.$$eval("section[data-cell]", (sections) =>
    sections.map((section) =>
      [...(section.querySelector(".outputs")?.children ?? [])].map((each) => {
        if (each.matches("pre")) return { kind: "text", content: each.textContent! } as const;
        if (each.matches("figure.chart"))
          return { kind: "picture", content: each.querySelector("desc")!.textContent! } as const;
        const group = each.matches("[role=group]") ? each : each.querySelector("[role=group]");
        if (group) return { kind: "explorable", content: group.getAttribute("aria-label")! } as const;
        return { kind: "markup", content: each.innerHTML.trim() } as const;
      }),
    ),
  );

/** A stored output as a reader sees it; a table as the browser itself writes its markup. */
export const storedAs = (page: Page, output: Output): Promise<Seen> =>
  page.evaluate(
    ({ text, data }) => {
      const template = document.createElement("template");
      template.innerHTML = data["image/svg+xml"] ?? data["text/html"] ?? "";
      const group = template.content.querySelector("[role=group]");
      if (data["image/svg+xml"])
        return { kind: "picture", content: template.content.querySelector("desc")!.textContent! } as const;
      if (group) return { kind: "explorable", content: group.getAttribute("aria-label")! } as const;
      if (data["text/html"]) return { kind: "markup", content: template.innerHTML.trim() } as const;
      return { kind: "text", content: text || data["text/plain"]! } as const;
    },
    {
      text: joined(output.text),
      data: Object.fromEntries(Object.entries(output.data ?? {}).map(([type, value]) => [type, joined(value)])),
    },
  );

/** The text of a cell's outputs. */
export const outputText = (page: Page, index: number): Promise<string> =>
  page.$$eval(
    "section[data-cell]",
    (sections, i) => sections[i]!.querySelector<HTMLElement>(".outputs")!.innerText,
    index,
  );

/** Cells that are marked stale. */
export const staleCells = (page: Page): Promise<number[]> =>
  page.$$eval("section[data-cell]", (all) => all.flatMap((each, i) => (each.matches(".stale") ? [i] : [])));

/** Presses a button of cell `index`. */
export const press = (page: Page, index: number, deed: string): Promise<void> =>
  page.locator("section[data-cell]").nth(index).locator(`[data-does=${deed}]`).click();

/** Replaces the text of cell `index`, in its editor. */
export async function rewrite(page: Page, index: number, source: string): Promise<void> {
  const cell = page.locator("section[data-cell]").nth(index);
  if (!(await cell.locator(".cm-content").count())) await press(page, index, "edit");
  await cell.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(source);
}
