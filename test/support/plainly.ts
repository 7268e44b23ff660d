// Lectures in tslab as it comes, without the project's cures: they show what is stored.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { environment, finished, lacksPython, plainKernel, python, root, temporaryFolder, titled } from "./hosts.js";
import { codeCells, isMeasured, plainly, type Notebook } from "./notebook.js";

const notebooks = join(root, "notebooks");

/** Tests that the lectures `names`, files of notebooks/, run so. */
export function runsPlainly(names: readonly string[]): void {
  const lack = lacksPython();
  describe.skipIf(lack)(titled("the lectures in tslab as it comes", lack), () => {
    const temporary = temporaryFolder();
    let ran: Record<string, Notebook>;

    beforeAll(async () => {
      const paths = names.map((name) => join(notebooks, name));
      const { status, stdout, stderr } = await finished(
        python,
        [join(root, "scripts", "lectures.py"), "json", ...paths, "--kernel", "plain"],
        { env: environment({ JUPYTER_PATH: plainKernel(temporary) }) },
      );
      if (status !== 0) throw new Error(stderr);
      ran = JSON.parse(stdout) as Record<string, Notebook>;
    }, 540_000);

    test.each(names)("%s runs to its end and shows what is stored", (name) => {
      const cells = codeCells(ran[name]!);
      const kept = codeCells(JSON.parse(readFileSync(join(notebooks, name), "utf8")) as Notebook);
      const outputs = cells.flatMap((cell) => cell.outputs!);
      expect(outputs.filter((output) => output.output_type === "error" || output.name === "stderr")).toEqual([]);
      expect(cells.length).toBe(kept.length);
      cells.forEach((cell, i) => {
        if (!isMeasured(cell)) expect(plainly(cell.outputs!)).toEqual(plainly(kept[i]!.outputs!));
      });
    });
  });
}
