// A cell, as a module that a page can load: `export default async (names$, cell$) => {…}`. Its top-level names are
// handed to `cell$.define` as accessors, so that later cells see them live; the names of earlier cells are read from
// `names$`; imports come from `cell$.module`; the value of a last expression is returned. Lines stay where they are.
import { parse, type ImportDeclaration, type Program } from "acorn";
import { declaredIn } from "./declarations.js";
import { edited, offsetOf, positionAt, type Edit, type Position } from "./positions.js";
import { freeNames, type Reference } from "./scopes.js";
import { CellSyntaxError, syntaxError, withoutTypes } from "./types.js";

/** A compiled cell. */
export interface CompiledCell {
  /** The module's text. */
  readonly code: string;
  /** The names that it defines. */
  readonly names: readonly string[];
  /** Where a position in `code` was in the cell; undefined for what the compiler added. */
  original(position: Position): Position | undefined;
}

/** What a cell may import, and no more. */
const modules: Readonly<Record<string, "lib" | "assert">> = {
  "../lib": "lib",
  ridgepoint: "lib",
  assert: "assert",
  "node:assert": "assert",
  "assert/strict": "assert",
  "node:assert/strict": "assert",
};

/** Compiles the cell `source`, which may use `known`, names of earlier cells. Throws a CellSyntaxError. */
export function compileCell(source: string, known: ReadonlySet<string>): CompiledCell {
  const { code, original } = withoutTypes(source);
  const program = parsed(code, original);
  const at = (offset: number): Position => original(positionAt(code, offset));
  const imports = program.body.filter((node) => node.type === "ImportDeclaration");
  const names = [...new Set(declaredIn(program.body))];
  const edits: Edit[] = [
    ...imports.map((node) => blank(code, node)),
    ...exportsOf(program, at),
    ...lastValue(code, program),
    ...references(program, known),
  ];
  const body = edited(code, edits);
  const head = `export default async (names$, cell$) => { ${imported(imports, at)}${defined(names)}`;
  return {
    code: `${head}${body.text}\n}`,
    names,
    original(position) {
      const offset = offsetOf(`${head}${body.text}`, position);
      if (offset === undefined || offset < head.length) return undefined;
      return at(body.before(offset - head.length));
    },
  };
}

function parsed(code: string, original: (position: Position) => Position): Program {
  try {
    return parse(code, { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction: true });
  } catch (error) {
    throw syntaxError(error, original);
  }
}

/** An import's place, with its line breaks. */
const blank = (code: string, { start, end }: ImportDeclaration): Edit => ({
  at: start,
  length: end - start,
  text: code.slice(start, end).replace(/[^\n]/g, " "),
});

/** The imports, as constants. */
function imported(nodes: readonly ImportDeclaration[], at: (offset: number) => Position): string {
  return nodes
    .map(({ source, specifiers }) => {
      const module = modules[String(source.value)];
      if (!module || !Object.hasOwn(modules, String(source.value)))
        throw new CellSyntaxError(`import: a page has "../lib" and "assert", got "${source.value}"`, at(source.start));
      const whole = `cell$.module("${module}")`;
      return specifiers
        .map((specifier) => {
          const { name } = specifier.local;
          if (specifier.type !== "ImportSpecifier") return `const ${name} = ${whole};`;
          const key = specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
          return `const ${name} = cell$.imported("${module}", ${JSON.stringify(key)});`;
        })
        .join("");
    })
    .join("");
}

/** The accessors of a cell's names. Assigning to a constant fails in the engine's own words. */
function defined(names: readonly string[]): string {
  const accessors = names.map((name) => `get ${name}() { return ${name}; }, set ${name}(v$) { ${name} = v$; }`);
  return names.length ? `cell$.define({ ${accessors.join(", ")} });` : "";
}

/** A cell is no module to others: `export` before a declaration means nothing, any other is refused. */
function exportsOf({ body }: Program, at: (offset: number) => Position): Edit[] {
  const found = body.find(({ type }) => /^Export/.test(type));
  if (found)
    throw new CellSyntaxError("export: later cells see every name of a cell without it, got export", at(found.start));
  return [];
}

/** A last expression's value is what the cell gives. */
function lastValue(code: string, { body }: Program): Edit[] {
  const last = body.at(-1);
  if (last?.type !== "ExpressionStatement") return [];
  const end = code[last.end - 1] === ";" ? last.end - 1 : last.end;
  return [
    { at: last.start, length: 0, text: "return (" },
    { at: end, length: 0, text: ")" },
  ];
}

/** Names of earlier cells are read where they are kept. */
function references(program: Program, known: ReadonlySet<string>): Edit[] {
  const starts = new Set<number>();
  collectStatements(program, starts);
  const last = program.body.at(-1);
  if (last?.type === "ExpressionStatement") starts.delete(last.start); // "return (" stands before it
  return freeNames(program)
    .filter(({ name }) => known.has(name))
    .map(({ name, start, end, use }: Reference) => {
      const kept = `names$.${name}`;
      const separated = starts.has(start) ? ";" : ""; // "(" after a line without ";" would go on with that line
      const texts = { plain: kept, shorthand: `${name}: ${kept}`, called: `${separated}(0, ${kept})` };
      return { at: start, length: end - start, text: texts[use] };
    });
}

/** Where the statements of every list of statements begin. */
function collectStatements(node: object, starts: Set<number>): void {
  for (const [key, value] of Object.entries(node))
    for (const child of [value].flat() as unknown[]) {
      if (typeof child !== "object" || child === null || !("type" in child)) continue;
      if (Array.isArray(value) && (key === "body" || key === "consequent"))
        starts.add((child as unknown as { start: number }).start);
      collectStatements(child, starts);
    }
}
