// docs/layers.md tells of the layers as they are: it is what scripts/layers.mjs writes of them.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as lib from "../lib/index.js";

const root = new URL("../", import.meta.url);
const { layersReference } = (await import(new URL("scripts/layers.mjs", root).href)) as {
  layersReference(library: typeof lib): string;
};

const reference = readFileSync(new URL("docs/layers.md", root), "utf8");

it("docs/layers.md is what `npm run build && node scripts/layers.mjs` writes, to the byte", () => {
  expect(reference).toBe(layersReference(lib));
});

it("has a section for every layer, with a line for each of its keys, and a call that is right", () => {
  const sections = new Map(
    reference
      .split("\n## ")
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf("\n")), text]),
  );
  expect([...sections.keys()]).toEqual(lib.layerNames);
  for (const [name, text] of sections) {
    const layer = lib.layersByName[name as lib.LayerName];
    expect([...text.matchAll(/^- `(\w+)\??`: \S/gm)].map(([, key]) => key)).toEqual(Object.keys(layer.shapeKeys));
    const call = /^Example: `\w+\(([^`]*)\)`$/m.exec(text)![1]!;
    // The example as it is printed, read back as JSON.
    expect(JSON.parse(call.replace(/(\w+):/g, '"$1":'))).toEqual(layer.example);
  }
});

it("has no line of more than 120 columns", () => {
  expect(reference.split("\n").filter((line) => [...line].length > 120)).toEqual([]);
});
