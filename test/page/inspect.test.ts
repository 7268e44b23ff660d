// What a cell prints in a page is what Node's console prints for the same value.
import { inspect as nodeInspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspect } from "../../page/run/inspect.js";

class Plane {
  constructor(readonly width: number) {}
}
class Cube extends Plane {}

describe("inspect(value)", () => {
  it.each([
    1,
    -0,
    3n,
    null,
    undefined,
    true,
    "it's",
    'say "it\'s"',
    "two\nlines",
    Symbol("s"),
    [],
    {},
    [1, 2, 3],
    { a: 1, "b-c": "x", [Symbol("s")]: 2 },
    new Map([["a", { b: 1 }]]),
    new Set([1, "b"]),
    new Map(),
    new Float32Array([1, 2.5]),
    new Plane(3),
    Plane,
    Cube,
    Math.max,
    (a: number) => a,
    async () => undefined,
    /x+/g,
    new Date(0),
    { a: { b: { c: { d: 1 } } } },
    { a: [[[[1]]]] },
    {
      get a() {
        return 1;
      },
    },
    Object.create(null),
    Array.from({ length: 30 }, (_, i) => i * 7),
    Array.from({ length: 120 }, (_, i) => i),
    Array.from({ length: 8 }, (_, i) => ({ name: `row ${i}`, value: i / 3 })),
    Array.from({ length: 27 }, (_, i) => `word ${i}`),
    [1, , 3], // eslint-disable-line no-sparse-arrays -- a hole is what it is about
  ])("writes %# as Node does", (value) => {
    expect(inspect(value)).toBe(nodeInspect(value));
  });

  it("writes any plain data as Node does", () => {
    const text = fc.string({ maxLength: 30, unit: "grapheme-ascii" });
    const data = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.double(),
        text,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 12 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 12, unit: "grapheme-ascii" }), tie("value"), {
          maxKeys: 6,
          noNullPrototype: true,
        }),
      ),
    })).value;
    fc.assert(
      fc.property(data, (value) => inspect(value) === nodeInspect(value)),
      { numRuns: 400 },
    );
  });

  it("stops at a value that holds itself", () => {
    const ring: { own?: object } = {};
    ring.own = ring;
    expect(inspect(ring)).toContain("[Circular *1]");
  });
});
