// The command line as a whole: help, refusals, and the program that npx starts.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, file, run, llama } from "./cli/run.js";

describe("ridgepoint", () => {
  it("--help names every command, each of which has its own help; --version is the package's", async () => {
    const { code, out } = await run("--help");
    for (const command of ["count", "op", "roofline", "devices", "machine"]) {
      expect(out).toContain(`ridgepoint ${command}`);
      expect((await run(command, "--help")).out).toMatch(new RegExp(`^ridgepoint ${command}`));
    }
    expect([code, (await run()).out]).toEqual([0, out]);
    expect((await run("--version")).out.trim()).toBe(
      (JSON.parse(readFileSync(new URL("../lib/package.json", import.meta.url), "utf8")) as { version: string })
        .version,
    );
  });

  const bad: [string[], RegExp][] = [
    [["frob"], /must be called with one of .*count.*"frob"/],
    [["count"], /name or a file must be given/],
    [["count", "resnet51"], /name must be one of resnet50/],
    [["count", "nowhere.json"], /can be read, got "nowhere.json"/],
    [["count", "nowhere.onnx"], /nowhere.onnx/],
    [["count", "nowhere.gguf"], /nowhere.gguf/],
    [["count", "nowhere.safetensors"], /nowhere.safetensors/],
    [["count", "resnet50", "--batch", "0"], /--batch must be a positive integer, got "0"/],
    [["count", "resnet50", "--batch", "1e3"], /--batch/],
    [["count", "resnet50", "--batch", "-1"], /--batch must have a value/],
    [["count", "resnet50", "--batch=-1"], /--batch must be a positive integer, got "-1"/],
    [["count", "resnet50", "--batch", "99999999999999999999"], /--batch/],
    [["count", "resnet50", "--batch"], /--batch must have a value/],
    [["count", "resnet50", "--bach", "1"], /options must be among --batch.*got "--bach"/],
    [["count", "resnet50", "--json=yes"], /--json must have no value/],
    [["count", "resnet50", "--batch", "1", "--batch", "2"], /given once/],
    [["count", "resnet50", "resnet18"], /got "resnet18" too/],
    [["count", "resnet50", "--phase", "decode"], /phase/],
    [["count", "resnet50", "--dtype", "fp17"], /dtype must be one of/],
    [["count", "resnet50", "--image-size", "2x"], /--image-size/],
    [["count", "resnet50", "--image-size", "2x3x4"], /--image-size/],
    [["count", "resnet50", "--as", "tool"], /--as must be one of torch/],
    [["count", "resnet50", "--depth", "one"], /--depth/],
    [["count", "\u001b[31mred\u0007"], /"\\u001b\[31mred\\u0007"/],
    [["op", "dense", "{}"], /kind must be one of .*linear/],
    [["op", "__proto__", "{}"], /kind must be/],
    [["op", "linear"], /shape as JSON/],
    [["op", "linear", "{"], /must be JSON/],
    [["op", "linear", "[]"], /must be an object/],
    [["op", "linear", '{"inFeatures": 1e9}'], /outFeatures/],
    [["op", "linear", "[".repeat(5000)], /nest at most/],
    [["op", "relu", '{"shape": "x"}'], /shape/],
    [["roofline", "resnet50"], /--device/],
    [["roofline", "resnet50", "--device", "h101"], /id must be one of/],
    [["roofline", "resnet50", "--device", "v100-sxm2", "--dtype", "fp8"], /v100-sxm2 lists/],
    [["devices", "h100", "a100"], /arguments must be \[word\], got "a100" too/],
    [["devices", "voodoo"], /word must be part of an id or a name, got "voodoo"/],
    [["machine", "--fast"], /options must be among --quick/],
  ];
  it.each(bad)("%j ends in one line on the error stream and exit code 2", async (args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).toMatch(/^ridgepoint [^\n]*\n$/);
    expect(err).not.toMatch(/\n\s+at |internal|undefined \(reading/);
  });

  it("shows what a file says as text, without what a terminal would obey", async () => {
    const path = file("hostile.json", JSON.stringify({ model_type: "\u001b]0;title\u0007\u202e", hidden_size: 1 }));
    const { code, err } = await run("count", path);
    expect(code).toBe(2);
    expect([...err].filter((sign) => sign !== "\n" && (sign < " " || sign === "\u202e"))).toEqual([]);
    const named = await run("count", file("\u001b[31mconfig.json", JSON.stringify(llama)));
    expect([named.code, named.out.includes("\u001b")]).toEqual([0, false]);
  });

  it("refuses files that are no such files, in one line", async () => {
    for (const name of ["a.json", "a.onnx", "a.gguf", "a.safetensors", "a.index.json"])
      for (const content of ["", "\0\0\0\0", "[]", "nonsense", '{"a":']) {
        const { code, out, err } = await run("count", file(name, content));
        expect([name, content, code, out]).toEqual([name, content, 2, ""]);
        expect(err).toMatch(/^ridgepoint [^\n]+\n$/);
      }
    mkdirSync(join(folder, "empty"));
    expect((await run("count", join(folder, "empty"))).err).toMatch(/folder must hold/);
  });
});

const bin = join(import.meta.dirname, "../lib/bin.mjs");
const built = existsSync(join(import.meta.dirname, "../lib/dist/cli.js"));

describe("lib/bin.mjs", () => {
  it.skipIf(!built)("runs the built command line (skipped when lib/dist is not built)", () => {
    expect(
      (
        JSON.parse(
          execFileSync(process.execPath, [bin, "op", "linear", '{"inFeatures": 2, "outFeatures": 3}', "--json"], {
            encoding: "utf8",
          }),
        ) as { macs: number }
      ).macs,
    ).toBe(6);
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "count", "resnet"], { encoding: "utf8" });
    expect([status, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
  });

  it.skipIf(!built)("ends quietly when its reader goes away (skipped when lib/dist is not built)", () => {
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", `"${process.execPath}" "${bin}" devices --json | head -c 10; exit 0`],
      { encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("says in one sentence what to do when the library is not built", () => {
    copyFileSync(bin, join(folder, "bin.mjs"));
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "bin.mjs"), "count", "resnet50"], {
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^ridgepoint: .*npm install.*\n$/);
  });
});
