import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { environment, finished, lacksPython, python, root, temporaryFolder, titled } from "../support/hosts.js";
import { notebook, type Notebook, type Output } from "../support/notebook.js";

const lack = lacksPython();
const lectures = join(root, "scripts", "lectures.py");

describe.skipIf(lack)(titled("lectures.py site", lack), () => {
  const folder = temporaryFolder();

  test(
    "a failing cell, or one that does not compile, ends it with an error " +
      "that names notebook, cell and fault; no page is written",
    async () => {
      const [bad, type, site] = ["bad.ipynb", "type.ipynb", "site"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(
        bad,
        notebook([
          "const fine = 1;",
          "const s = 2;\nfunction deep() {\n  throw new RangeError('no such shape');\n}\ndeep();",
          "console.log('never')",
        ]),
      );
      writeFileSync(type, notebook(["const n: string = 2;"]));
      const { status, stdout, stderr } = await finished(python, [lectures, "site", bad, type, "--output", site]);
      expect(status).toBe(1);
      expect(stdout).toMatch(/^failed {2}bad\.ipynb +[\d.]+ s\nfailed {2}type\.ipynb +[\d.]+ s\n$/);
      expect(stderr.trim().split("\n")).toEqual([
        "bad.ipynb, cell 2 (const s = 2;): RangeError: no such shape",
        "    at deep (cell:3:9)",
        "    at cell:5:1",
        "type.ipynb, cell 1 (const n: string = 2;): TypeScriptError: 1:7 - " +
          "Type 'number' is not assignable to type 'string'.",
        "0 of 2 lectures are exported.",
      ]);
      expect(existsSync(site)).toBe(false);
    },
  );

  test("nothing is written outside the project: not in the home folder", async () => {
    const home = join(folder, "home");
    const good = join(folder, "good.ipynb");
    mkdirSync(home);
    writeFileSync(good, notebook(["console.log('fine')"]));
    const env = environment({
      HOME: home,
      USERPROFILE: home,
      XDG_DATA_HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      XDG_CACHE_HOME: undefined,
    });
    const { status, stderr } = await finished(python, [lectures, "site", good, "--output", join(folder, "good")], {
      env,
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(readdirSync(home, { recursive: true })).toEqual([]);
    expect(readdirSync(join(folder, "good")).sort()).toEqual([
      "explore.html",
      "glossary.html",
      "good.html",
      "index.html",
    ]);
  });
});

describe.skipIf(lack)(titled("setup", lack), () => {
  test("a second time installs nothing", async () => {
    const setup = pathToFileURL(join(root, "scripts", "setup.mjs")).href;
    const script = `(await import(${JSON.stringify(setup)})).setupPython()`;
    expect(await finished(process.execPath, ["--input-type=module", "-e", script])).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("makes .venv of the system's Python, also where .venv's own is first on the PATH", async () => {
    const module = pathToFileURL(join(root, "scripts", "setup", "python.mjs")).href;
    const script = `console.log((await import(${JSON.stringify(module)})).systemPython().program)`;
    const { stdout } = await finished(process.execPath, ["--input-type=module", "-e", script], {
      env: environment({ PYTHON: undefined }),
    });
    const named = await finished(process.execPath, ["--input-type=module", "-e", script], {
      env: environment({ PYTHON: python }),
    });
    for (const program of [stdout, named.stdout]) {
      expect(existsSync(program.trim())).toBe(true);
      expect(program).not.toContain(root);
    }
  });
});

describe("npm start without a Python", () => {
  const folder = temporaryFolder();

  beforeAll(() => {
    // A clone in which nothing has been installed.
    for (const name of ["scripts", "package-lock.json", "requirements.txt"])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    mkdirSync(join(folder, "empty"));
  });
  const start = (env: NodeJS.ProcessEnv) =>
    finished(process.execPath, [join(folder, "scripts", "start.mjs")], {
      cwd: folder,
      env: environment({ PYTHON: undefined, ...env }),
    });

  test(
    "says so before it installs " + "anything, in one sentence each for " + "what and what to do, and ends with 1",
    async () => {
      expect(await start({ PATH: join(folder, "empty") })).toEqual({
        status: 1,
        stdout: "",
        stderr:
          "Ridgepoint needs Python 3.10 or newer to run notebooks, and found none. Install it " +
          "from python.org or your system's packages, then run the command again.\n",
      });
    },
  );
  test("names the one that PYTHON names", async () => {
    expect(await start({ PYTHON: "/nonexistent" })).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "Ridgepoint needs Python 3.10 or newer to run notebooks, and PYTHON " +
        "names /nonexistent, which does not run. Install it from python.org or " +
        "your system's packages, then run the command again.\n",
    });
  });
});

const wrong: [string, string, string][] = [
  ["linear({ tokens: 1.5, inFeatures: 4, outFeatures: 4 })", "RangeError", "linear: tokens"],
  ["linear({ tokens: 1, inFeatures: -4, outFeatures: 4 })", "RangeError", "linear: inFeatures"],
  ["linear({ tokens: 1, inFeatures: 4, outFeatures: 0 })", "RangeError", "linear: outFeatures"],
  ["linear({ tokens: 1, inFeatures: 4 } as any)", "TypeError", "linear: outFeatures"],
  [
    "conv2d({ inChannels: 64, outChannels: 64, height: 8, width: 8, kernelSize: 3, groups: 5 })",
    "RangeError",
    "conv2d: groups must divide inChannels 64, got 5",
  ],
  ["device('h1000')", "RangeError", "h1000"],
  ["linear({ tokens: 1, inFeatures: 4, outFeatures: 4, dtype: 'fp7' as any })", "RangeError", "fp7"],
];

describe.skipIf(lack)(titled("bad input in a cell", lack), () => {
  const folder = temporaryFolder();
  let ran: Notebook;

  beforeAll(async () => {
    mkdirSync(join(folder, "notebooks"));
    symlinkSync(join(root, "lib"), join(folder, "lib"), "junction");
    const cells = [
      'import { conv2d, cost, device, linear } from "../lib";\n' +
        "const kept = cost(linear({ tokens: 1, inFeatures: 4, outFeatures: 4 })).macs;",
      ...wrong.flatMap(([cell]) => [cell, "console.log('still here', kept)"]),
    ];
    writeFileSync(join(folder, "notebooks", "bad.ipynb"), notebook(cells));
    const { status, stderr } = await finished(
      python,
      [
        "-m",
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "--allow-errors",
        "--output",
        "ran.ipynb",
        join("notebooks", "bad.ipynb"),
      ],
      { cwd: folder },
    );
    if (status !== 0) throw new Error(stderr);
    ran = JSON.parse(readFileSync(join(folder, "notebooks", "ran.ipynb"), "utf8")) as Notebook;
  });

  test.each(wrong.map(([cell, ename, part], i) => ({ cell, ename, part, i })))(
    "$cell is the house's error, in one line, and nothing else is lost",
    ({ ename, part, i }) => {
      const [failed, next] = [ran.cells[1 + 2 * i]!.outputs!, ran.cells[2 + 2 * i]!.outputs!];
      expect(failed).toEqual([
        { output_type: "error", ename, evalue: expect.stringContaining(part), traceback: expect.any(Array) },
      ]);
      const { evalue } = failed[0] as Output & { evalue: string };
      expect(evalue).toMatch(/^\w+: .+, got .+$/);
      expect(next).toEqual([{ output_type: "stream", name: "stdout", text: ["still here 16\n"] }]);
    },
  );
});
