// The lectures on a machine that refuses every measurement: they run to their end, on recorded runs, and say so in
// everything made of them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { environment, finished, lacksPython, python, root, temporaryFolder, titled } from "../support/hosts.js";
import { codeCells, isMeasured, joined, notebook, type Notebook, type Output } from "../support/notebook.js";

const lack = lacksPython();
const lectures = join(root, "scripts", "lectures.py");
const folder = join(root, "notebooks");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort();
const records = join(root, "lib", "lesson", "records");
const recorded = readdirSync(records)
  .filter((name) => name.endsWith(".json"))
  .map(
    (name) =>
      JSON.parse(readFileSync(join(records, name), "utf8")) as {
        machine: string;
        date: string;
        runs: Record<string, object>;
      },
  );
const titles = names.flatMap((name) => {
  const { cells } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
  return cells.flatMap((cell) =>
    [...joined(cell.source).matchAll(/\bmeasured\(\s*"([^"]+)"/g)].map(([, title]) => title!),
  );
});

describe("the recorded runs", () => {
  test("hold every measurement of the lectures, each under a title of its own, and no other", () => {
    expect(titles.length).toBeGreaterThan(10);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
    // A machine that was recorded on an earlier day, and is not at hand, lacks what is measured since.
    const latest = recorded
      .map(({ date }) => date)
      .sort()
      .at(-1);
    for (const { machine, date, runs } of recorded) {
      const has = Object.keys(runs).sort();
      const wanted = date === latest ? titles : titles.filter((title) => title in runs);
      expect([machine, has]).toEqual([machine, [...wanted].sort()]);
    }
  });
  test("name their machine and their day, and take less than 100 kB each", () => {
    expect(recorded.length).toBeGreaterThan(0);
    for (const record of recorded) {
      expect(record.machine).toMatch(/^.+, \d+ cores?, \w+ \w+, Node \d+\.\d+\.\d+$/);
      expect(record.date).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(JSON.stringify(record).length).toBeLessThan(100_000);
    }
  });
});

describe.skipIf(lack)(titled("the lectures where nothing can be measured", lack), () => {
  let ran: Record<string, Notebook>;

  beforeAll(async () => {
    const { status, stdout, stderr } = await finished(python, [lectures, "json"], {
      env: environment({ RIDGEPOINT_MEASURE: "off" }),
    });
    if (status !== 0) throw new Error(stderr);
    ran = JSON.parse(stdout) as Record<string, Notebook>;
  }, 300_000);

  const text = (output: Output, type: string) => joined(output.data?.[type]);
  const shown = (output: Output) =>
    output.data?.["image/svg+xml"] !== undefined || (text(output, "text/html").startsWith("<table") ?? false);

  test.each(names)("%s runs to its end, and marks each chart and each table of its measured cells", (name) => {
    const cells = codeCells(ran[name]!);
    expect(
      cells
        .flatMap((cell) => cell.outputs!)
        .filter((output) => output.output_type === "error" || output.name === "stderr"),
    ).toEqual([]);
    for (const cell of cells.filter(isMeasured)) {
      const first = joined(cell.source).split("\n")[0];
      const made = cell.outputs!.filter(shown);
      expect([first, made.length > 0]).toEqual([first, /^show\(/m.test(joined(cell.source))]);
      for (const output of made) {
        for (const type of Object.keys(output.data!))
          expect(text(output, type), `${first}, ${type}`).toMatch(/Recorded run, not measured\s+here/);
      }
    }
  });

  test.each(names)("%s says below each measurement, in one sentence, why, where and when", (name) => {
    for (const cell of codeCells(ran[name]!).filter((c) => /\bmeasured\(/.test(joined(c.source)))) {
      const said = cell
        .outputs!.map((output) => text(output, "text/plain"))
        .filter((t) => t.includes(": recorded run. "));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(
        new RegExp(
          /^.+: recorded run\. /.source +
            /(Measuring is switched off \(RIDGEPOINT_MEASURE=off\)|What it builds on is a recorded run)\. /.source +
            /So the figures below were not measured here: /.source +
            /they are a recorded run of .+, 20\d\d-\d\d-\d\d\.$/.source,
        ),
      );
    }
  });
});

describe.skipIf(lack)(titled("a lecture with a real error", lack), () => {
  const temporary = temporaryFolder();

  test("leaves the others their pages; the error is named and the exit code is 1", async () => {
    const [good, bad, site] = ["good.ipynb", "bad.ipynb", "site"].map((name) => join(temporary, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(good, notebook(["console.log('fine')"]));
    writeFileSync(bad, notebook(["const fine = 1;", "throw new RangeError('no such shape')"]));
    const { status, stdout, stderr } = await finished(python, [lectures, "site", bad, good, "--output", site]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed {2}bad\.ipynb +[\d.]+ s\nran {5}good\.ipynb +[\d.]+ s\n$/);
    expect(stderr.trim().split("\n")).toEqual([
      "bad.ipynb, cell 2 (throw new RangeError('no such shape')): RangeError: no such shape",
      "    at cell:1:7",
      "1 of 2 lectures are exported.",
    ]);
    expect(readdirSync(site).sort()).toEqual(["explore.html", "glossary.html", "good.html", "index.html"]);
    expect(readFileSync(join(site, "index.html"), "utf8")).not.toContain("bad.html");
    expect(readdirSync(temporary).filter((name) => name.includes("part"))).toEqual([]);
  });
});
