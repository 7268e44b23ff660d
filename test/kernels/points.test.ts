import { describe, expect, it } from "vitest";
import { attentionFused, attentionUnfused, cost, kernelPoints, kernels } from "../../lib/index.js";
import { tokenIds } from "../../lib/kernels/onnx/layers.js";

describe("points and kernels", () => {
  it("carry their op: every point has a cost and a name of its own", () => {
    for (const { kernel, shape } of kernelPoints) {
      const c = cost(kernel.op(shape));
      expect(c.bytesRead + c.bytesWritten).toBeGreaterThan(0);
      expect(c.exact).toBe(true);
    }
    expect(new Set(kernelPoints.map(({ name }) => name)).size).toBe(kernelPoints.length);
    expect(Object.keys(kernels)).toContain("matmul/wasm");
    for (const [name, kernel] of Object.entries(kernels)) expect(kernel.name).toBe(name);
  });
  it("unfused attention moves the scores, fused attention does not", () => {
    const shape = { tokens: 512, heads: 12, headDim: 64 };
    expect(cost(attentionUnfused.op(shape)).bytesRead).toBeGreaterThan(cost(attentionFused.op(shape)).bytesRead);
  });
  it("tokenIds(tokens, rows) names distinct rows while there are enough", () => {
    for (const [tokens, rows] of [
      [31, 31],
      [9, 31],
      [1000, 50257],
      [12, 12],
      [5, 8],
    ] as const)
      expect(new Set(tokenIds(tokens, rows)).size).toBe(tokens);
  });
});
