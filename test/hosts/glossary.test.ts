// docs/glossary.md tells of the notebooks as they are.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environment, lacksPython, python, root, temporaryFolder, titled } from "../support/hosts.js";

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
