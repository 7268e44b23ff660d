import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, temporaryFolder } from "../support/hosts.js";

describe("kernel/tslab.cjs refuses in one line", () => {
  const folder = temporaryFolder();
  /** Starts a copy of the kernel beside a tslab of some version, or none. */
  function started(name: string, version: string | undefined, args: string[]) {
    const home = join(folder, name);
    const kernel = join(home, "kernel");
    cpSync(join(root, "kernel"), kernel, { recursive: true });
    if (version) {
      mkdirSync(join(home, "node_modules", "tslab"), { recursive: true });
      writeFileSync(join(home, "node_modules", "tslab", "package.json"), JSON.stringify({ name: "tslab", version }));
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(kernel, "tslab.cjs"), ...args], {
      encoding: "utf8",
      cwd: home,
    });
    return { status, stdout, stderr };
  }
  const refused = (line: string) => ({ status: 1, stdout: "", stderr: `tslab kernel: ${line}\n` });

  test("a tslab whose faults the cures do not know", () => {
    expect(started("other", "1.0.23", ["--config-path", "connection.json"])).toEqual(
      refused("tslab must be version 1.0.22, whose faults the cures know, got 1.0.23"),
    );
  });
  test("no tslab", () => {
    expect(started("none", undefined, ["--config-path", "connection.json"])).toEqual(
      refused("tslab must be installed in node_modules, got nothing there; run npm ci"),
    );
  });
  test("no connection file", () => {
    expect(started("bare", "1.0.22", [])).toEqual(
      refused("--config-path must name Jupyter's connection file, got none"),
    );
  });
});
