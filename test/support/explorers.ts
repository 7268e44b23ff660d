// An explorable of a live page as a reader sees and moves it.
import type { Locator, Page } from "playwright-core";
import type { Control, ExplorableState } from "../../lib/lesson/controls.js";

/** What the page says that `controls` are set to, from what it shows of each. */
export async function setTo(root: Locator, controls: readonly Control[]): Promise<ExplorableState> {
  const texts = await root.locator(".controls").evaluate((bar) =>
    [...bar.children].flatMap((each) => {
      const list = each.querySelector("select");
      if (list) return [list.selectedOptions[0]!.textContent!];
      const slider = each.querySelector<HTMLInputElement>("input[type=range]");
      return slider ? [slider.getAttribute("aria-valuetext")!] : [];
    }),
  );
  return Object.fromEntries(
    controls.map(({ name, values }, i) => [name, values?.find((v) => String(v) === texts[i]) ?? Number(texts[i])]),
  );
}

/** What it shows: each picture in words, and its sentence. */
export interface Sight {
  readonly pictures: readonly string[];
  readonly sentence: string;
}

export const sightOf = (root: Locator): Promise<Sight> =>
  root.evaluate((block) => ({
    pictures: [...block.querySelectorAll("desc")].map((each) => each.textContent!),
    sentence: block.querySelector("[role=status]")!.textContent!,
  }));

/** Waits until it shows `wanted`, and gives what it shows then, or after ten seconds. */
export async function sightWhen(root: Locator, wanted: Sight): Promise<Sight> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const sight = await sightOf(root);
    if (JSON.stringify(sight) === JSON.stringify(wanted)) return sight;
    await root.page().waitForTimeout(20);
  }
  return sightOf(root);
}

const keys = ["ArrowRight", "End", "ArrowLeft", "PageDown", "Home", "ArrowUp", "PageUp"];

/** The `k`-th move of control `i`, by the keyboard where `k` is even, else by the mouse. */
export async function moveControl(page: Page, root: Locator, i: number, k: number): Promise<void> {
  const field = root.locator(".controls > :not(button)").nth(i).locator("select, input[type=range]");
  const byKey = k % 2 === 0;
  if ((await field.evaluate((each) => each.localName)) === "select") {
    const count = await field.locator("option").count();
    if (byKey) await field.press(["ArrowDown", "End", "ArrowUp"][(k / 2) % 3]!);
    else await field.selectOption({ index: (7 * k) % count });
  } else if (byKey) await field.press(keys[(k / 2) % keys.length]!);
  else {
    await field.scrollIntoViewIfNeeded();
    const box = (await field.boundingBox())!;
    await page.mouse.click(box.x + box.width * (0.08 + 0.84 * ((k * 0.37) % 1)), box.y + box.height / 2);
  }
}
