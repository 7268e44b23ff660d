// The source files of lib, and what they import.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";

export const lib = join(import.meta.dirname, "../../lib");
export const files = readdirSync(lib, { recursive: true, encoding: "utf8" })
  .map((f) => f.split(sep).join("/"))
  .filter((f) => /\.(ts|mjs)$/.test(f) && !/^(dist|node_modules)\/|\.as\.ts$|\.d\.ts$|(^|\/)build\.mjs$/.test(f));

/** What a file imports, static and dynamic: paths inside lib without their ending, or package names. */
export function imports(file: string): string[] {
  const text = readFileSync(join(lib, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "");
  const found = [
    ...text.matchAll(
      new RegExp(
        /(?:^|\n)\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/.source +
          /|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/.source,
        "g",
      ),
    ),
  ];
  return found
    .map(([, a, b, c]) => (a ?? b ?? c)!)
    .map((to) =>
      to.startsWith(".")
        ? normalize(join(dirname(file), to))
            .split(sep)
            .join("/")
            .replace(/\.(js|mjs)$/, "")
        : to,
    );
}
export const known = new Set(files.map((f) => f.replace(/\.(ts|mjs)$/, "")));
export const existsInLib = (to: string): boolean => known.has(to);

export function code(file: string): string {
  return readFileSync(join(lib, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "");
}

/** Imports that exist at run time. */
export function valueImports(file: string): string[] {
  const source = [".ts", ".mjs"].map((end) => file + end).find((f) => files.includes(f))!;
  const types = new Set(
    [...code(source).matchAll(/import\s+type\b[^;"']*from\s*"([^"]+)"/g)].map(([, to]) =>
      normalize(join(dirname(source), to!))
        .split(sep)
        .join("/")
        .replace(/\.js$/, ""),
    ),
  );
  return imports(source).filter((to) => existsInLib(to) && !types.has(to));
}
