// The library's names in the lectures: imported as they are, and left alone by the cells.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as lib from "../lib/index.js";
import { codeCells, joined, type Notebook } from "./support/notebook.js";

const folder = join(import.meta.dirname, "../notebooks");
const lectures = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

/** The library's names under which `source` imports another, and those that it declares over. */
function clashes(source: string): { renamed: string[]; declaredOver: string[] } {
  const { statements } = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022);
  const renamed = statements
    .filter((s) => ts.isImportDeclaration(s))
    .filter((s) => (s.moduleSpecifier as ts.StringLiteral).text === "../lib")
    .flatMap(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
    })
    .filter((element) => element.propertyName !== undefined)
    .map((element) => `${(element.propertyName as ts.Identifier).text} as ${element.name.text}`);
  const declared = statements.flatMap((s) => {
    if (ts.isVariableStatement(s)) return s.declarationList.declarations.flatMap(({ name }) => namesOf(name));
    return (ts.isFunctionDeclaration(s) || ts.isClassDeclaration(s)) && s.name ? [s.name.text] : [];
  });
  return { renamed, declaredOver: declared.filter((name) => name in lib) };
}

const namesOf = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));

/** The names that `source` binds, and those that stand alone in an object: `{ a }`, which tslab as it comes loses. */
function shorthands(source: string): { bound: Set<string>; short: string[] } {
  const bound = new Set<string>();
  const short: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) short.push(node.name.text);
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) for (const name of namesOf(node.name)) bound.add(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022));
  return { bound, short };
}

describe("the library's names in a lecture", () => {
  it.each(lectures)("%s neither renames what it imports nor declares over it", (name) => {
    const notebook = JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
    const found = codeCells(notebook).map((cell) => clashes(joined(cell.source)));
    expect(found.flatMap(({ renamed }) => renamed)).toEqual([]);
    expect(found.flatMap(({ declaredOver }) => declaredOver)).toEqual([]);
  });

  it.each(lectures)("%s writes out the properties that it takes from cells above", (name) => {
    const notebook = JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
    const above = new Set<string>();
    const found = codeCells(notebook).flatMap((cell) => {
      const { bound, short } = shorthands(joined(cell.source));
      const foreign = short.filter((each) => above.has(each) && !bound.has(each));
      for (const each of bound) above.add(each);
      return foreign;
    });
    expect(found).toEqual([]);
  });

  it("would be seen renamed, and declared over", () => {
    expect(clashes('import { cost as c, linear } from "../lib";')).toEqual({
      renamed: ["cost as c"],
      declaredOver: [],
    });
    expect(clashes("const { a: cost, b: [si] } = x; let own = 1; function linear() {}").declaredOver).toEqual([
      "cost",
      "si",
      "linear",
    ]);
  });
});
