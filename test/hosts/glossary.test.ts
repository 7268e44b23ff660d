// docs/glossary.md tells of the notebooks as they are, and every term of the page leads to where it is defined.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environment, lacksPython, python, root, temporaryFolder, titled } from "../support/hosts.js";
import { exportStored } from "../support/stored.js";

const lack = lacksPython();

test.skipIf(lack)(titled("docs/glossary.md is what `npm run notebooks` writes, to the byte", lack), () => {
  const folder = temporaryFolder();
  for (const part of ["scripts", "notebooks"]) cpSync(join(root, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, "docs"));
  const done = spawnSync(python, [join(folder, "scripts", "glossary.py")], { env: environment(), encoding: "utf8" });
  expect([done.status, done.stderr]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "docs", "glossary.md"), "utf8")).toBe(
    readFileSync(join(root, "docs", "glossary.md"), "utf8"),
  );
});

test.skipIf(lack)(titled("every link of glossary.html leads to a heading of a lecture", lack), async () => {
  const site = join(temporaryFolder(), "site");
  await exportStored(site);
  const read = (name: string): string => readFileSync(join(site, name), "utf8");
  const entries = read("glossary.html").match(/<li>.*?<\/li>/gs)!;
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) {
    const [, page, id] = /<a href="([\w-]+\.html)#([^"]+)"/.exec(entry)!;
    const ids = [...read(page!).matchAll(/<h[123] id="([^"]+)"/g)].map(([, each]) => each);
    expect(ids).toContain(decodeURIComponent(id!));
  }
});
