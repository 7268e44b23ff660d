// The layers and the keys of their shapes, for `ridgepoint op` and its help: no line is wider than a terminal.
import { layerNames, layersByName, type LayerName, type ShapeKey } from "../ops/index.js";
import { precisionKeys } from "../ops/precision.js";
import { json } from "./text.js";

const columns = 80;

const keysOf = (name: LayerName) => Object.entries<ShapeKey>(layersByName[name].shapeKeys);

/** `words` on lines of at most `columns`, the first behind `lead`, the others behind as many blanks. */
function wrapped(words: readonly string[], lead = ""): string {
  const lines: string[] = [];
  let line = lead;
  for (const word of words) {
    if ([...line, ...word].length > columns && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = " ".repeat(lead.length);
    }
    line += `${word} `;
  }
  return `${[...lines, line.trimEnd()].join("\n")}\n`;
}

/** The layers, each with its keys below it: those in parentheses have a default. */
export function layersListed(): string {
  const width = Math.max(...layerNames.map((name) => name.length));
  const listed = layerNames.map((name) => {
    const words = keysOf(name).map(([key, { required }]) => (required ? key : `(${key})`));
    return `${name.padEnd(width)}  ${layersByName[name].about}\n${wrapped(words, "    ")}`;
  });
  return [
    ...listed,
    "\n",
    wrapped("Keys in parentheses have a default; ridgepoint op <kind> --help tells what each takes.".split(" ")),
    wrapped(`Every layer also takes ${precisionKeys.join(", ")}.`.split(" ")),
  ].join("");
}

/** The same as data: what each key takes, and a shape that is right. */
export const layersAsJson = (): string =>
  json(
    layerNames.map((name) => {
      const { kind, about, example } = layersByName[name];
      const keys = keysOf(name).map(([key, { takes, required }]) => ({ key, takes, required }));
      return { layer: name, kind, about, keys, example };
    }),
  );

/** Help on one layer: what it computes, what each of its keys takes, and a call that is right. */
export function layerHelp(name: LayerName): string {
  const keys = keysOf(name);
  const width = Math.max(...keys.map(([key]) => key.length));
  const told = keys.map(([key, { takes, required }]) =>
    wrapped(`${takes}${required ? "" : " (has a default)"}`.split(" "), `  ${key.padEnd(width)}  `),
  );
  return [
    `ridgepoint op ${name} '<json shape>' [--as TOOL] [--json]\n`,
    `${name}: ${layersByName[name].about}\n`,
    `${told.join("")}\n${wrapped(`Every layer also takes ${precisionKeys.join(", ")}.`.split(" "))}`,
    `  ridgepoint op ${name} '${JSON.stringify(layersByName[name].example)}'\n`,
  ].join("\n");
}
