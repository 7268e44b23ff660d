// explore.html as a reader uses it: what is asked there, and what it prints of the command line.
import { spawnSync } from "node:child_process";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { main } from "../../lib/cli.js";
import type { ExploreOptions } from "../../lib/explore/index.js";

/** A command line as the page shows it, and what it says that it prints. */
interface Shown {
  readonly line: string;
  readonly text: string;
}

export const shown = (page: Page): Promise<Shown[]> =>
  page.$$eval(".printed details", (all) =>
    all.map((each) => ({
      line: each.querySelector("summary")!.textContent!,
      text: each.querySelector("pre")!.textContent!,
    })),
  );

/** Waits until the page has answered what is in the form: its first command line has all of `parts`. */
export const answered = (page: Page, ...parts: string[]): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => {
      const line = document.querySelector(".results:not([aria-busy]) .printed summary")?.textContent ?? "";
      return line !== "" && wanted.every((each) => line.includes(each));
    },
    parts,
    { timeout: 30_000 },
  );

/** Gives the page files, as one who chooses them. */
export async function choose(
  page: Page,
  files: readonly { name: string; content: string | Uint8Array }[],
): Promise<void> {
  await page.locator("input[name=use][value=files]").check();
  await page.locator("input[name=files]").setInputFiles(
    files.map(({ name, content }) => ({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(content),
    })),
  );
}

/** Files dropped on the page. */
export const drop = (page: Page, files: readonly { name: string; content: Uint8Array }[]): Promise<void> =>
  page.evaluate(
    (given) => {
      const dataTransfer = new DataTransfer();
      for (const { name, content } of given) dataTransfer.items.add(new File([Uint8Array.from(content)], name));
      document.querySelector("h1")!.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
    },
    files.map(({ name, content }) => ({ name, content: [...content] })),
  );

/** Options as an address has them. */
export const inAddress = (options: ExploreOptions = {}): string =>
  Object.entries(options)
    .map(([name, value]) => `&${name}=${encodeURIComponent(String(value))}`)
    .join("");

/** The words behind `npx ridgepoint`, as a shell takes them. */
function wordsOf(line: string): string[] {
  const rest = line.replace(/^npx ridgepoint /, "");
  const { stdout, status } = spawnSync("sh", ["-c", `printf '%s\\0' ${rest}`], { encoding: "utf8" });
  if (status !== 0) throw new Error(`a shell must take the line ${line}`);
  return stdout.split("\0").slice(0, -1);
}

/** What the command line prints in this folder, on either stream. */
export async function printed(line: string): Promise<string> {
  let said = "";
  const out = (text: string) => {
    said += text;
  };
  await main(wordsOf(line), { out, err: out, terminal: false });
  return said.trimEnd();
}

/** Every command line of the page, run, prints what stands below it. Gives what it prints. */
export async function agree(page: Page, commands = 3): Promise<string[]> {
  const all = await shown(page);
  expect(all.length).toBe(commands);
  for (const { line, text } of all) expect([line, text]).toEqual([line, await printed(line)]);
  return all.map(({ text }) => text);
}
