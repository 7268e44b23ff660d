import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward, attention, cost, linear, mla, rmsNorm, totalCost, type MlaShape } from "../../lib/index.js";
import { runs, size } from "./arbitrary.js";
import { mlaLoop } from "./oracleAttention.js";

/** DeepSeek-V3 (config.json of the model; arXiv 2412.19437, section 4.2). */
const v3 = {
  hiddenSize: 7168,
  heads: 128,
  qLoraRank: 1536,
  kvLoraRank: 512,
  qkNopeHeadDim: 128,
  qkRopeHeadDim: 64,
  vHeadDim: 128,
  dtype: "bf16",
} as const;

describe("mla", () => {
  it("mla(shape) costs what the executed loops cost in both forms, which compute the same output", () => {
    fc.assert(
      fc.property(
        size(3),
        fc.integer({ min: 0, max: 3 }),
        size(3),
        size(3),
        size(3),
        size(2),
        size(3),
        (tokens, past, heads, kvLoraRank, nope, rope, v) => {
          const c = { tokens, context: tokens + past, hiddenSize: 5, heads, qLoraRank: 2, kvLoraRank, nope, rope, v };
          const loop = mlaLoop(c);
          expect(loop.difference).toBeLessThan(1e-12);
          const shape: MlaShape = {
            tokens,
            context: c.context,
            hiddenSize: 5,
            heads,
            qLoraRank: 2,
            kvLoraRank,
            qkNopeHeadDim: nope,
            qkRopeHeadDim: rope,
            vHeadDim: v,
          };
          const projections = tokens * (5 * 2 + 2 * heads * (nope + rope) + 5 * (kvLoraRank + rope) + heads * v * 5);
          expect(mla({ ...shape, form: "expanded" }).macs).toBe(projections + loop.kvB + loop.expanded);
          expect(mla({ ...shape, form: "absorbed" }).macs).toBe(projections + loop.kvB + loop.absorbed);
        },
      ),
      { ...runs, numRuns: 40 },
    );
  });

  it("mla(shape) is its projections, two RMS norms and an attention core", () => {
    const s = { tokens: 3, context: 8, heads: 4, causal: true };
    const core = attention({ ...s, headDim: 5 + 2, vHeadDim: 6 });
    const parts = [
      linear({ tokens: 3, inFeatures: 16, outFeatures: 7 }),
      rmsNorm({ tokens: 3, normalizedShape: 7 }),
      linear({ tokens: 3, inFeatures: 7, outFeatures: 4 * 7 }),
      linear({ tokens: 3, inFeatures: 16, outFeatures: 9 + 2 }),
      rmsNorm({ tokens: 3, normalizedShape: 9 }),
      linear({ tokens: 3, inFeatures: 9, outFeatures: 4 * 11 }),
      linear({ tokens: 3, inFeatures: 24, outFeatures: 16 }),
    ];
    const total = totalCost([...parts, core].map(cost));
    const own = cost(
      mla({
        tokens: 3,
        context: 8,
        heads: 4,
        hiddenSize: 16,
        qLoraRank: 7,
        kvLoraRank: 9,
        qkNopeHeadDim: 5,
        qkRopeHeadDim: 2,
        vHeadDim: 6,
      }),
    );
    expect([own.macs, own.exactMacs, own.flops, own.transcendentals, own.params, own.weightBytes]).toEqual([
      total.macs,
      total.exactMacs,
      total.flops,
      total.transcendentals,
      total.params,
      total.weightBytes,
    ]);
    const without = mla({
      tokens: 3,
      heads: 4,
      hiddenSize: 16,
      kvLoraRank: 9,
      qkNopeHeadDim: 5,
      qkRopeHeadDim: 2,
      vHeadDim: 6,
    });
    expect(without.weights.map((w) => w.name)).toContain("q_proj.weight");
  });

  it(
    "mla of DeepSeek-V3 has its published " +
      "core: 40,960 MACs a position expanded, " +
      "139,264 absorbed; a cache of 576",
    () => {
      const perPosition = (form: "expanded" | "absorbed") =>
        mla({ ...v3, tokens: 1, context: 1001, form }).macs - mla({ ...v3, tokens: 1, context: 1000, form }).macs;
      expect(61 * perPosition("expanded")).toBe(2_498_560); // research: 2,498,560 and 8,495,104 over 61 layers
      expect(61 * perPosition("absorbed")).toBe(8_495_104);
      const cacheBytes =
        cost(mla({ ...v3, tokens: 1, context: 1001, form: "absorbed" })).bytesRead -
        cost(mla({ ...v3, tokens: 1, context: 1000, form: "absorbed" })).bytesRead;
      expect(61 * cacheBytes).toBe(70_272);
      expect(cost(mla({ ...v3, tokens: 1 })).params).toBe(
        7168 * 1536 + 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 + 512 * 128 * 256 + 128 * 128 * 7168,
      );
    },
  );

  it(
    "mla moves its input and output, its weights, the earlier cache " +
      "in, the new entries out, and scores when unfused",
    () => {
      const s = {
        batch: 2,
        tokens: 3,
        context: 7,
        hiddenSize: 16,
        heads: 4,
        kvLoraRank: 9,
        qkNopeHeadDim: 5,
        qkRopeHeadDim: 2,
        vHeadDim: 6,
        dtype: "bf16",
        kvDtype: "fp8",
      } as const;
      const io = (form: "expanded" | "absorbed", fused: boolean) => {
        const c = cost(mla({ ...s, form, fused }));
        return [c.inputBytes, c.outputBytes];
      };
      const x = 2 * 3 * 16 * 2;
      const scores = 2 * (2 * 4 * 3 * 7) * 2;
      expect(io("absorbed", true)).toEqual([x + 2 * 4 * (9 + 2), x + 2 * 3 * (9 + 2)]);
      expect(io("expanded", true)).toEqual([x + 2 * 4 * 4 * (7 + 6), x + 2 * 3 * 4 * (7 + 6)]);
      expect(io("absorbed", false)).toEqual([x + 2 * 4 * 11 + scores, x + 2 * 3 * 11 + scores]);
      expect(mla({ ...s, context: 3 }).inputs.map((t) => t.name)).toEqual(["x"]);
    },
  );

  it(
    "mla backward is twice the projections and, fused, 2.5 times the core at equal " +
      "head sizes; inputGradient: false drops the first matrices' dx",
    () => {
      const shape = {
        tokens: 4,
        hiddenSize: 8,
        heads: 2,
        qLoraRank: 3,
        kvLoraRank: 4,
        qkNopeHeadDim: 4,
        qkRopeHeadDim: 2,
        vHeadDim: 6,
        fused: true,
      };
      const core = attention({ tokens: 4, heads: 2, headDim: 6 }).macs;
      const op = mla(shape);
      const [g] = backward(op);
      expect(g!.macs).toBe(2 * (op.macs - core) + 2.5 * core);
      expect(g!.macs - backward(op, { inputGradient: false })[0]!.macs).toBe(4 * 8 * (3 + 4 + 2));
      expect(cost(g!).params).toBe(0);
    },
  );
});
