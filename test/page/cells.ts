// Cells run in this process as a page's worker runs them, for the tests.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as browser from "../../lib/lecturePage.js";
import * as index from "../../lib/index.js";
import { createRunner, type Output } from "../../page/run/runner.js";

const records = join(import.meta.dirname, "../../lib/lesson/records");

/** What each cell put out, and whether it ran to its end. */
export interface Ran {
  readonly ok: boolean;
  readonly outputs: readonly Output[];
}

const own = new Set(Object.keys(browser));
const nodeOnly = Object.entries(index).filter(([name]) => !own.has(name));

/** A fresh lecture: its cells share their names. `first` names the record that it looks into first. */
export function lecture({ first, own }: { first?: string; own?: boolean } = {}) {
  let outputs: Output[] = [];
  const answers: [string, boolean][] = [];
  const runner = createRunner({
    async load(code) {
      const address = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
      const module = (await import(/* @vite-ignore */ address)) as Awaited<
        ReturnType<Parameters<typeof createRunner>[0]["load"]>
      >;
      return { address, default: module.default };
    },
    output: (_, output) => void outputs.push(output),
    checked: (id, right) => void answers.push([id, right]),
    nodeOnly: {
      data: Object.fromEntries(nodeOnly.filter(([, value]) => typeof value !== "function")),
      functions: nodeOnly.filter(([, value]) => typeof value === "function").map(([name]) => name),
      types: ["Op"],
    },
    records: readdirSync(records)
      .sort((a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1))
      .map((name) => JSON.parse(readFileSync(join(records, name), "utf8")) as browser.Recorded),
    ...(own === undefined ? {} : { own }),
  });
  return {
    answers,
    runner,
    async run(cell: number, source: string): Promise<Ran> {
      outputs = [];
      const ok = await runner.run(cell, source);
      return { ok, outputs };
    },
  };
}

/** The texts of outputs, as a notebook would keep them: streams joined. */
export const textOf = (outputs: readonly Output[]): string =>
  outputs
    .map((output) => {
      if (output.kind === "stream") return output.text;
      if (output.kind === "display") return `${output.bundle["text/plain"]}\n`;
      return output.kind === "explorable" ? `${output.explorable.description}\n` : output.traceback.join("\n");
    })
    .join("");
