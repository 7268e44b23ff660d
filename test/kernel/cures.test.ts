// Every fault of tslab that the kernel cures, seen in tslab as it comes and gone in ours.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  environment,
  finished,
  lacksPython,
  plainKernel,
  python,
  root,
  temporaryFolder,
  titled,
} from "../support/hosts.js";
import { type Cell, type Session, text, errors, streams } from "./session.js";

/** A number for all files below `folder`: their names and their bytes. */
function digest(folder: string): string {
  const hash = createHash("sha256");
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name))
    .sort())
    hash.update(entry).update(readFileSync(entry));
  return hash.digest("hex");
}

const tslab = join(root, "node_modules", "tslab");
const compiler = createRequire(join(tslab, "package.json")).resolve("@tslab/typescript-for-tslab");
const onDisk = () => [
  digest(join(tslab, "dist")),
  digest(join(tslab, "bin")),
  createHash("sha256").update(readFileSync(compiler)).digest("hex"),
];
const lack = lacksPython();

describe.skipIf(lack)(titled("each cure: tslab as it comes shows the fault, the kernel `tslab` does not", lack), () => {
  const folder = temporaryFolder();
  let before: string[];
  let plain: Session;
  let ours: Session;
  const cell = (session: Session, scenario: string, index = 0) => session[scenario]![index]!;

  beforeAll(async () => {
    before = onDisk();
    const env = environment({ JUPYTER_PATH: plainKernel(folder) });
    [plain, ours] = (await Promise.all(
      ["plain", "tslab"].map(async (kernel) => {
        const cwd = join(folder, kernel);
        mkdirSync(cwd);
        const { status, stdout, stderr } = await finished(
          python,
          [join(root, "test", "kernel", "driver.py"), kernel, cwd],
          { env },
        );
        if (status !== 0) throw new Error(`driver.py ${kernel}: ${stderr}`);
        return JSON.parse(stdout) as Session;
      }),
    )) as [Session, Session];
  });

  test("both kernels run a cell", () => {
    for (const session of [plain, ours]) expect(text(cell(session, "ready"))).toBe("2\n");
  });

  test("transport: ipc addresses are those that Jupyter connects to", () => {
    expect(plain.ipc).toEqual({
      bound: [1, 2, 3, 4, 5].map((n) => `kernel:${n}`),
      cells: expect.stringContaining("didn't respond"),
    });
    expect(ours.ipc.bound).toEqual([1, 2, 3, 4, 5].map((n) => `kernel-${n}`));
    expect(text((ours.ipc.cells as Cell[])[0]!)).toBe("over ipc\n");
  });

  test("sending: 3000 lines printed in one stretch all arrive, and the cell's end with them", () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i}\n`).join("");
    expect(text(cell(plain, "manyLines")).length).toBeLessThan(lines.length);
    expect(cell(plain, "manyLines").idle).toBe(false);
    expect(text(cell(ours, "manyLines"))).toBe(lines);
    expect(cell(ours, "manyLines")).toMatchObject({ idle: true, reply: { status: "ok" } });
  });

  test("sending: 1200 displays in one stretch all arrive, in order, and none throws", () => {
    expect(cell(plain, "manyDisplays", 1).reply?.status).toBe("error");
    expect(cell(plain, "manyDisplays", 1).outputs.filter((o) => o.type === "display_data").length).toBeLessThan(1200);
    expect(cell(ours, "manyDisplays", 1)).toMatchObject({ idle: true, reply: { status: "ok" } });
    expect(cell(ours, "manyDisplays", 1).outputs.map((o) => o.data?.["text/plain"])).toEqual(
      Array.from({ length: 1200 }, (_, i) => `d${i}`),
    );
  });

  test("sending: 4000 displays wait for a client that does not read them yet", () => {
    expect(Number(cell(plain, "slowClient").outputs)).toBeLessThan(4000);
    expect(cell(ours, "slowClient")).toEqual({
      outputs: 4000,
      idle: true,
      reply: expect.objectContaining({ status: "ok" }),
    });
  });

  test("streams: a loop that prints sends few messages", () => {
    expect(streams(cell(plain, "manyLines")).length).toBeGreaterThan(400);
    expect(streams(cell(ours, "manyLines")).length).toBeLessThan(200);
  });

  test("streams: stdout, stderr and displays keep their order", () => {
    for (const session of [plain, ours])
      expect(cell(session, "order").outputs.map((o) => o.text ?? o.data?.["text/plain"])).toEqual([
        "a\n",
        "b\n",
        "c\n",
        "d",
        "e\n",
      ]);
  });

  test("streams: what is printed after a pause in a busy loop is sent on its own, not held back", () => {
    const messages = streams(cell(ours, "slowPrints")).map((o) => o.text);
    expect(messages[0]).toBe("0\n");
    for (let i = 1; i < 4; i++) expect(messages).toContain(`slow ${i}\n`);
    expect(messages.join("")).toBe(
      [...Array.from({ length: 100 }, (_, i) => `${i}\n`), ...[0, 1, 2, 3].map((i) => `slow ${i}\n`)].join(""),
    );
  });

  test("shorthand: {flops} of an earlier cell's name is its value; assignment patterns stay patterns", () => {
    expect(text(cell(plain, "shorthand", 1), "stderr")).toContain("ReferenceError: flops is not defined");
    expect(cell(ours, "shorthand", 1)).toMatchObject({
      outputs: [{ name: "stdout", text: "20 10 5\n" }],
      reply: { status: "ok" },
    });
  });

  test("aborting: a cell that is sent after a failure runs", () => {
    expect(cell(plain, "nextAfterFailure", 1)).toMatchObject({ outputs: [], reply: { status: "abort" } });
    expect(cell(ours, "nextAfterFailure").reply?.status).toBe("error");
    expect(text(cell(ours, "nextAfterFailure", 1))).toBe("second ran\n");
  });

  test("aborting: Run All stops at a failure, with the status that Jupyter knows", () => {
    expect(cell(plain, "runAllStops", 1).reply?.status).toBe("abort");
    expect(cell(ours, "runAllStops").reply?.status).toBe("error");
    expect(cell(ours, "runAllStops", 1)).toMatchObject({ outputs: [], reply: { status: "aborted" }, idle: true });
  });

  test("aborting: stop_on_error: false runs the cells after a failure", () => {
    expect(cell(plain, "runAllGoesOn", 1)).toMatchObject({ outputs: [], reply: { status: "abort" } });
    expect(cell(ours, "runAllGoesOn").reply?.status).toBe("error");
    expect(text(cell(ours, "runAllGoesOn", 1))).toBe("second ran\n");
  });

  test("positions: a stack names the lines and columns that the reader wrote", () => {
    expect(text(cell(plain, "runtimeError"), "stderr")).toContain("evalmachine.<anonymous>:6");
    expect(errors(cell(ours, "runtimeError"))[0]?.traceback?.slice(1)).toEqual([
      "    at fails (cell:4:15)",
      "    at cell:6:1",
    ]);
    expect(errors(cell(ours, "asyncError"))[0]?.traceback?.slice(1)).toEqual(["    at cell:2:7"]);
  });

  test.each([
    ["runtimeError", "TypeError", "Cannot read properties of undefined (reading 'z')"],
    ["asyncError", "RangeError", "late"],
    ["typeError", "TypeScriptError", "2:7 - Type 'number' is not assignable to type 'string'."],
    ["thrownText", "thrown", "only text"],
  ])(
    "errors: %s is one error output with name, message and traceback, and the reply says the same",
    (scenario, ename, evalue) => {
      expect(errors(cell(plain, scenario))).toEqual([]);
      expect(cell(plain, scenario).reply?.ename).toBeUndefined();
      const { outputs, reply } = cell(ours, scenario);
      expect(outputs).toEqual([{ type: "error", ename, evalue, traceback: expect.any(Array) }]);
      expect(outputs[0]?.traceback?.[0]).toContain(evalue);
      expect(reply).toMatchObject({ status: "error", ename, evalue, traceback: outputs[0]?.traceback });
    },
  );

  test("errors: no traceback shows a line that is not the reader's", () => {
    for (const scenario of [
      "runtimeError",
      "asyncError",
      "typeError",
      "thrownText",
      "runAllStops",
      "interruptLoop",
      "interruptAsync",
    ]) {
      for (const { outputs } of ours[scenario]!)
        for (const { traceback = [] } of outputs)
          expect(traceback.join("\n")).not.toMatch(/tslab|node:|evalmachine|kernel\//);
    }
  });

  test("errors: the reader's own console.error is stderr, and no failure", () => {
    expect(cell(ours, "ownStderr")).toMatchObject({
      outputs: [
        { type: "stream", name: "stderr", text: "mine\n" },
        { type: "stream", name: "stdout", text: "fine\n" },
      ],
      reply: { status: "ok" },
    });
  });

  test("an interrupt ends a loop that never yields, and one that awaits; the kernel goes on", () => {
    for (const [scenario, evalue] of [
      ["interruptLoop", "the cell was stopped"],
      ["interruptAsync", "the cell was left; a loop in it that awaits may run on"],
    ] as const) {
      expect(errors(cell(plain, scenario))).toEqual([]);
      expect(cell(ours, scenario).outputs).toEqual([
        expect.objectContaining({ text: "started\n" }),
        { type: "error", ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] },
      ]);
      expect(text(cell(ours, scenario, 1))).toBe("usable\n");
    }
  });

  test("a promise that is rejected with nobody waiting does not end the kernel", () => {
    expect(text(cell(ours, "rejectedLater"))).toBe("alive\n");
  });

  test("tslab and its compiler are the same on disk after both kernels ran", () => {
    expect(onDisk()).toEqual(before);
  });

  test("the kernelspec starts an existing node by absolute paths", () => {
    const { argv, language } = JSON.parse(
      readFileSync(join(root, ".venv", "share", "jupyter", "kernels", "tslab", "kernel.json"), "utf8"),
    ) as { argv: string[]; language: string };
    expect(language).toBe("typescript");
    expect(argv.slice(2)).toEqual(["--config-path", "{connection_file}"]);
    for (const path of argv.slice(0, 2)) expect([path, isAbsolute(path), existsSync(path)]).toEqual([path, true, true]);
  });
});
