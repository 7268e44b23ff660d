import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { costByPath, macsByKind, model, modelCost } from "../../lib/index.js";

const golden = JSON.parse(readFileSync(new URL("../golden/encoders.json", import.meta.url), "utf8"));
const part = (name: string, path: string, options = {}) => costByPath(model(name, options), 1).find((g) => g.path === path)!.cost;

describe("BERT and its relatives", () => {
  it.each(golden.encoders)("model($name) has the published parameters and exact MACs at 128 and 512 tokens", (row: Record<string, number> & { name: string }) => {
    for (const tokens of [128, 512]) {
      const m = model(row.name, { tokens }), c = modelCost(m);
      expect(c.params).toBe(row.params);
      expect(c.macs).toBe(row[`macsAt${tokens}WithPooler`]);
      const pooler = m.nodes.find((n) => n.path === "pooler/dense")?.op;
      expect(c.macs - (pooler?.macs ?? 0)).toBe(row[`macsAt${tokens}`]);
      const poolerParams = pooler ? pooler.weights.reduce((n, w) => n + w.shape.reduce((a, b) => a * b, 1), 0) : 0;
      expect(c.params - poolerParams).toBe(row.paramsWithoutPooler);
    }
    const layers = part(row.name, row.name.startsWith("distil") ? "transformer" : "encoder");
    expect(layers).toBeDefined();
  });

  it("model(\"bert-base-uncased\") splits its matrix products: 85 M weights in the layers, attention in the rest", () => {
    const { linear, bmm, conv } = macsByKind(model("bert-base-uncased", { tokens: 128 }));
    expect({ linear: linear - 768 * 768, bmm, conv }).toEqual({ linear: 84934656 * 128, bmm: 12 * 2 * 128 * 128 * 768, conv: 0 });
  });
});

describe("DeiT and ViT by the names of their papers", () => {
  it.each(golden.deit)("model($name) has the published parameters and exact MACs", ({ name, params, macs }: { name: string; params: number; macs: number }) => {
    const c = modelCost(model(name));
    expect([c.params, c.macs]).toEqual([params, macs]);
  });
});
