// What axe, a checker of accessibility, finds against a page. Its program comes into the page by the driver, past the
// page's policy, which stays as it is.
import axe from "axe-core";
import type { Page } from "playwright-core";

/** One line for each rule of `rules` (by default all) that a page breaks, with the first elements that break it. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    const { violations: found } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ["violations"],
      ...(only && { runOnly: [...only] }),
    });
    return found.map(({ id, help, nodes }) => {
      const first = nodes.slice(0, 3).map((node) => node.html.slice(0, 120));
      return `${id}: ${help}: ${nodes.length} times: ${first.join(" ; ")}`;
    });
  }, rules);
}
