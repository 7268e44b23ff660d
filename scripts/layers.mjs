// Writes docs/layers.md, the reference of the layers, from the built library: `node scripts/layers.mjs`. Imported, only
// makes its text.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** One layer: what it computes, a shape that is right, and its keys. */
function section(name, { kind, about, shapeKeys, example }) {
  const keys = Object.entries(shapeKeys).map(([key, { takes, required }]) =>
    wrapped(`- \`${key}${required ? "" : "?"}\`: ${takes}`, "  "),
  );
  return [
    `## ${name}`,
    `${about}.${kind === name ? "" : ` Its ops are of kind \`${kind}\`.`}`,
    wrapped(`Example: \`${name}(${written(example)})\``),
    keys.join("\n"),
  ].join("\n\n");
}

/** `text` in lines of at most 120 columns, all but the first indented. */
const wrapped = (text, indent = "") => text.replace(/(.{1,118})(?: |$)/g, `\n${indent}$1`).slice(1 + indent.length);

/** A value as TypeScript writes it. */
function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const name = (key) => (/^\w+$/.test(key) ? key : JSON.stringify(key));
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${name(key)}: ${written(item)}`)
    .join(", ")} }`;
}

const preface = `<!-- Written by \`node scripts/layers.mjs\` from the layers' descriptions: change those. -->

# The layers

Each is a function \`(shape, options?)\` that gives an op: its tensors, its multiply-adds, its other FLOPs. Keys are
PyTorch's in camelCase; one with a question mark has a default. Beside its own keys every layer takes those of
precision: \`dtype\` (default fp32), \`weightDtype\`, \`kvDtype\`, \`groupSize\`, \`scaleDtype\` and \`zeroPoints\`.
Anything else is refused in one line that names the layer, the key and what it takes. On the command line,
\`npx ridgepoint op <layer> --help\` prints the same.`;

/** The reference of the library that is handed in, built or as source, as Markdown. */
export function layersReference({ layerNames, layersByName }) {
  const sections = layerNames.map((name) => section(name, layersByName[name]));
  const index = layerNames.map((name) => `- [${name}](#${name.toLowerCase()}): ${layersByName[name].about}`);
  return `${[preface, index.join("\n"), ...sections].join("\n\n")}\n`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const file = join(root, "docs", "layers.md");
  mkdirSync(join(root, "docs"), { recursive: true });
  writeFileSync(file, layersReference(await import("../lib/dist/index.js")));
  console.log(`Wrote ${file}.`);
}
