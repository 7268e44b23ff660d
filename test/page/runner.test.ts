// Cells in a page share their names as under the kernel, show what they give, and fail as the kernel shows it.
import { describe, expect, it } from "vitest";
import { lecture, textOf } from "./cells.js";

/** The texts of cells that are run one after another. */
async function texts(...sources: string[]): Promise<string[]> {
  const { run } = lecture();
  const found: string[] = [];
  for (const [i, source] of sources.entries()) found.push(textOf((await run(i, source)).outputs));
  return found;
}

describe("what a cell gives", () => {
  it.each([
    ["1 + 1", "2\n"],
    ["1 + 1;", "2\n"],
    ["const a = 3; a", "3\n"],
    ['"text"', "text\n"],
    ["({ a: 1, b: [1, 2] })", "{ a: 1, b: [ 1, 2 ] }\n"],
    ["undefined", ""],
    ["null", ""],
    ["if (true) { 5 }", ""],
    ["5; const k = 1", ""],
    ["await Promise.resolve(4)", "4\n"],
    ['console.log("a", 1, { b: 2 }); console.error("%s is %d", "x", 3)', "a 1 { b: 2 }\nx is 3\n"],
    ["enum E { A, B }\nE.B", "1\n"],
    ["const f = <T,>(x: T): T => x; f<number>(2) as number", "2\n"],
    ["// only a comment", ""],
    ["", ""],
    ["1 // last", "1\n"],
  ])("%j", async (source, text) => {
    expect(await texts(source)).toEqual([text]);
  });
});

describe("names", () => {
  it("are shared with later cells: imports, constants, variables, functions, classes", async () => {
    const sources = [
      'import { si, type Op } from "../lib"; import { strict as assert } from "assert";',
      "let n = 1; const c = 2; var v = 3; function f() { return n; } class A { x = 4 }",
      'n = 10; n += v; n++; assert.equal(new A().x, 4);\n[n, c, f(), si(5e9, "B")]',
    ];
    expect((await texts(...sources)).at(-1)).toBe("[ 14, 2, 14, '5.00 GB' ]\n");
  });

  it("are read wherever they may stand, and not where a cell's own name hides them", async () => {
    const sources = [
      "const a = 1; const b = { c: 2 }; const f = (x: number) => x; let z = 0;" +
        "const tag = (s: TemplateStringsArray) => s[0];",
      "const o = { a, b, inner: { a } };\nf(a);\n`${a}` + o.inner.a + b.c + [1].map((a) => a * 7) + tag`t`",
      "({ a: z } = { a: 5 });\n({ z } = { z: z + 1 });\n[z] = [z + 1];\nfor (z of [z + 1]);\nz",
      "const g = ({ a = 3, ...rest }: { a?: number } = {}) => a; { let a = 8; z = a }\n" +
        "try { throw 9 } catch (a) { z += a as number }\n[g(), z, typeof a]",
      "label: for (const a of [4]) { for (let f = 0; f < 2; f++) { if (f === 1) break label; } }\n" +
        "class B { a = a; f() { return f(6); } static { z = a; } }\n[new B().a, new B().f(), z]",
      "let first = 1\nf(first)\nf(2)",
    ];
    expect((await texts(...sources)).slice(1)).toEqual([
      "112" + "7t\n",
      "8\n",
      "[ 3, 17, 'number' ]\n",
      "[ 1, 6, 1 ]\n",
      "2\n",
    ]);
  });

  it("may be defined again; a function keeps those of its own cell", async () => {
    const sources = ["let a = 1; function f() { return a; }", "let a = 10;", "[a, f()]", "const f = () => 3;", "f()"];
    expect(await texts(...sources)).toEqual(["", "", "[ 10, 1 ]\n", "", "3\n"]);
  });

  it("are those of the cells above, whatever is defined below; and new ones after a cell was run again", async () => {
    const { run } = lecture();
    const text = async (cell: number, source: string) => textOf((await run(cell, source)).outputs);
    await text(0, "const a = 1; function twice() { return 2 * a; }");
    await text(1, "const a = 5;");
    expect(await text(2, "[a, twice()]")).toBe("[ 5, 2 ]\n");
    expect(await text(1, "a")).toBe("1\n");
    await text(0, "const a = 7; function twice() { return 3 * a; }");
    expect(await text(2, "[a, twice()]")).toBe("[ 7, 21 ]\n");
  });

  it("of a cell that failed are gone, and who asks is told why", async () => {
    const { run } = lecture();
    await run(0, "const rows = [1, 2];");
    await run(1, "const total = () => rows.length;");
    expect(textOf((await run(0, 'const rows = [1]; throw new Error("no")')).outputs)).toContain("Error: no");
    expect(textOf((await run(2, "total()")).outputs)).toBe(
      "ReferenceError: rows is not defined: cell 1 defines it, and did not run to its end\n" +
        "    at total (cell 2:1:21)\n    at cell:1:6",
    );
  });

  it("that are constant cannot be assigned to", async () => {
    expect((await texts("const c = 1;", "c = 2;"))[1]).toMatch(/^TypeError: Assignment to constant variable\./);
  });
});

describe("an error", () => {
  it.each([
    [
      "function fails(x: { y?: { z: number } }) {\n  const a: number = 1;\n  if (a)\n    return x.y!.z;\n}\nfails({});",
      "TypeError: Cannot read properties of undefined (reading 'z')\n    at fails (cell:4:17)\n    at cell:6:1",
    ],
    ["await null;\nthrow new RangeError('late');", "RangeError: late\n    at cell:2:7"],
    ["throw 'only text'", "thrown: only text"],
    ["const a = 1;\nconst a = 2;", "SyntaxError at cell:2:7 - Identifier 'a' has already been declared"],
    ["const x: number = ;", "SyntaxError at cell:1:19 - Unexpected token"],
    ["let y =\n  (1 + ;", "SyntaxError at cell:2:8 - Unexpected token"],
    ['import fs from "fs";', 'SyntaxError at cell:1:16 - import: a page has "../lib" and "assert", got "fs"'],
    [
      "export const a = 1;",
      "SyntaxError at cell:1:1 - export: later cells see every name of a cell without it, got export",
    ],
    ["missing + 1", "ReferenceError: missing is not defined\n    at cell:1:1"],
  ])("in %j is one output, with the reader's own lines", async (source, text) => {
    const { run } = lecture();
    const { ok, outputs } = await run(0, source);
    expect([ok, outputs.length, textOf(outputs)]).toEqual([false, 1, text]);
  });

  it("of an import names what the library lacks, and a type is no error", async () => {
    const [unknown, typed] = await texts('import { linaer } from "../lib";', 'import { Op } from "../lib";');
    expect([unknown, typed]).toEqual(['SyntaxError: The requested module "../lib" has no export named "linaer"', ""]);
  });

  it("comes of what needs Node, in one sentence", async () => {
    const [text] = await texts('import { measureMachine } from "../lib";\nawait measureMachine();');
    expect(text).toMatch(
      /^Error: measureMachine: it must run under Node, got a page; npm run lab opens the notebook\n/,
    );
  });
});

describe("exercises", () => {
  it("tell of each answer, and hints come one after another", async () => {
    const { run, runner, answers } = lecture();
    await run(
      0,
      'import { check, model, modelCost } from "../lib";\n' +
        'check("stem-convolution", undefined);\ncheck("stem-convolution", 1);',
    );
    expect(answers).toEqual([
      ["stem-convolution", false],
      ["stem-convolution", false],
    ]);
    expect(() => runner.say(0, "hint", "9.9")).toThrow(/hint: id must be/);
  });
});

it("assert has Node's words", async () => {
  const sources = [
    'import assert from "node:assert";\nassert.equal(1, 2);',
    'import { strict as assert } from "assert";\nassert.deepEqual({ a: [1] }, { a: [1] });' +
      'assert.throws(() => { throw new RangeError("x") }, /x/); assert.ok(1); assert(true); assert.deepEqual([1], [2])',
  ];
  const [equal, deep] = await texts(...sources);
  expect(equal).toContain("AssertionError: Expected values to be strictly equal:\n\n1 !== 2\n");
  expect(deep).toContain("AssertionError: Expected values to be strictly deep-equal:");
});
