// Every cell of every lecture runs as in a page: the outputs of those that do not measure are the notebook's, charts to
// the byte; those that measure show the recorded run.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeCells, isMeasured, joined, type Notebook, type Output } from "../support/notebook.js";
import { lecture, textOf } from "./cells.js";

const folder = join(import.meta.dirname, "../../notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const storedText = (outputs: readonly Output[]): string =>
  outputs.map(({ text, data }) => (data ? `${joined(data["text/plain"]!)}\n` : joined(text))).join("");

describe.each(names)("%s in a page", (name) => {
  it("gives the notebook's outputs", { timeout: 120_000 }, async () => {
    const { run } = lecture();
    const cells = codeCells(JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook);
    for (const [i, cell] of cells.entries()) {
      const { ok, outputs } = await run(i, joined(cell.source));
      expect([i, ok ? "" : textOf(outputs)]).toEqual([i, ""]);
      if (isMeasured(cell)) continue;
      expect([i, textOf(outputs)]).toEqual([i, storedText(cell.outputs!)]);
      const svg = outputs.flatMap((each) => (each.kind === "display" ? (each.bundle["image/svg+xml"] ?? []) : []));
      const stored = cell.outputs!.flatMap(({ data }) =>
        data?.["image/svg+xml"] ? joined(data["image/svg+xml"]) : [],
      );
      expect([i, svg.length, svg.every((text, k) => text === stored[k])]).toEqual([i, stored.length, true]);
    }
  });
});
