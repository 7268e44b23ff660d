// fromHuggingFace against transformers: a configuration is counted exactly or refused, never otherwise.
import { describe, expect, it } from "vitest";
import { huggingFaceArchitectures } from "../../lib/index.js";
import { families, labelOf, mutations, verdictOf } from "./support/families.js";

describe("fromHuggingFace counts as transformers does, or refuses in one line", () => {
  it.each(families.map((family) => [labelOf(family), family] as const))("%s", (_, family) => {
    const { kind, said } = verdictOf(family);
    expect(kind === "wrong" ? said : kind).toMatch(/^(exact|refused)$/);
  });

  it.each([...mutations])("%s with one field changed", (_, rows) => {
    const wrong = rows.flatMap((row) => {
      const { kind, said } = verdictOf(row);
      return kind === "wrong" ? [`${row.changed}: ${said}`] : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe("fromHuggingFace refuses fields that a family does not know", () => {
  const unknown = { foo_size: 3, foo_sizes: [3, 4], use_foo: true } as const;
  /** Where fields stand: at the top, and in the record of each part. */
  const placesOf = (config: Readonly<Record<string, unknown>>): (string | undefined)[] => [
    undefined,
    ...Object.keys(config).filter((name) => /^(text|vision)_config$/.test(name)),
  ];
  const rows = families.filter((family) => verdictOf(family).kind === "exact");

  it.each(rows.map((family) => [labelOf(family), family] as const))("%s", (_, { config, ...row }) => {
    for (const place of placesOf(config))
      for (const [field, value] of Object.entries(unknown)) {
        const more = { [field]: value };
        const changed = place === undefined ? more : { [place]: { ...(config[place] as object), ...more } };
        const { kind, said } = verdictOf({ ...row, config: { ...config, ...changed } });
        expect(kind).toBe("refused");
        expect(said).toContain(`: ${place === undefined ? "" : `${place}.`}${field} must be left out to count`);
      }
  });
});

describe("fromHuggingFace counts what it claims to know", () => {
  const own = new Map(families.filter(({ variant }) => variant === undefined).map((family) => [family.type, family]));

  // transformers has no class of these: publishedSums.test.ts holds them.
  const bySum = ["mimo", "nemotron-nas"];

  it.each(huggingFaceArchitectures.filter((type) => !bySum.includes(type)))("%s", (type) => {
    const family = own.get(type);
    expect(family, `${type} needs a row in test/golden/families.json (scripts/oracle/families.py)`).toBeDefined();
    expect(verdictOf(family!)).toEqual({ kind: "exact" });
  });
});
