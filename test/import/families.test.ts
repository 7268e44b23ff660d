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
