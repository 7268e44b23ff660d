// JSON that a stranger wrote: what is none is told by its place, in words that are not the engine's.
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "../../lib/import/json.js";
import { jsonFault } from "../../lib/import/jsonFault.js";

const parsed = (text: string): unknown => parseJson("read", "config", new TextEncoder().encode(text));

it.each([
  ["", "its end at character 0"],
  ['{"a": 1', "its end at character 7"],
  ['{"a": "b', "its end at character 8"],
  ["{\ufffd}", '"\ufffd}" at character 1'],
  ['{"a" 1}', '"1}" at character 5'],
  ["[1, 2,]", '"]" at character 6'],
  ["[01]", '"1]" at character 2'],
  ['"\\x"', '"\\\\x\\"" at character 1'],
  ['{"a": 1} and more of it than is shown', '"and more of it than " at character 9'],
])("refuses %j by its place", (text, got) => {
  expect(() => parsed(text)).toThrow(`read: config at offset 0 must be JSON, got ${got}`);
});

it("takes what Python writes", () => {
  expect(parsed('{"a": [NaN, Infinity, -Infinity], "b": "NaN"}')).toEqual({ a: [null, Infinity, -Infinity], b: "NaN" });
});

it("finds a fault where JSON.parse does, and nowhere else", () => {
  const mended = fc.tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(200),
    fc.constantFrom("", ",", '"', "}", "[", "\\", "0", "\t"),
  );
  fc.assert(
    fc.property(mended, ([json, place, put]) => {
      const at = place % (json.length + 1);
      const text = json.slice(0, at) + put + json.slice(at + 1);
      let ok = true;
      try {
        JSON.parse(text);
      } catch {
        ok = false;
      }
      expect(jsonFault(json)).toBeUndefined();
      expect([text, jsonFault(text) === undefined]).toEqual([text, ok]);
    }),
    { numRuns: 3000 },
  );
});
