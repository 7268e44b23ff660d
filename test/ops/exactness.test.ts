import { describe, expect, it } from "vitest";
import { attention, conv2d, convTranspose2d, cost, lstm, matmul, moe } from "../../lib/index.js";

describe("counts beyond 2^53", () => {
  const big = 2 ** 18 + 1;

  it("an op whose count no double holds says exact: false; one below says true and is right to the last digit", () => {
    const over = cost(matmul({ m: big, n: big, k: big }));
    expect([over.exact, BigInt(over.macs) === BigInt(big) ** 3n]).toEqual([false, false]);
    const below = cost(matmul({ m: 30_000_001, n: 20_000_003, k: 1 }));
    expect([below.exact, BigInt(below.macs)]).toEqual([true, 30_000_001n * 20_000_003n]);
  });

  it("macs that fit while flops do not are not called exact", () => {
    const c = cost(matmul({ m: 2 ** 26, n: 2 ** 26, k: 1 }));
    expect(c.macs).toBe(2 ** 52);
    expect(c.exact).toBe(false);
  });

  it("every op that says exact equals its product in big integers", () => {
    const n = 40_961n;
    const c = cost(
      conv2d({ batch: 3, inChannels: 1021, outChannels: 509, height: 4096, width: 4099, kernelSize: 3, padding: 1 }),
    );
    expect([c.exact, BigInt(c.macs)]).toEqual([true, 3n * 509n * 4096n * 4099n * 1021n * 9n]);
    const t = cost(convTranspose2d({ inChannels: 1021, outChannels: 509, height: 4096, width: 4099, kernelSize: 3 }));
    expect([t.exact, BigInt(t.macs)]).toEqual([true, 1021n * 4096n * 4099n * 509n * 9n]);
    const a = cost(attention({ tokens: Number(n), heads: 127, headDim: 131, causal: true }));
    expect([a.exact, BigInt(a.exactMacs)]).toEqual([true, ((127n * n * (n + 1n)) / 2n) * 262n]);
    const l = cost(lstm({ tokens: 40_961, inputSize: 4093, hiddenSize: 4091 }));
    expect([l.exact, BigInt(l.macs)]).toEqual([true, n * 4n * 4091n * (4093n + 4091n)]);
    const m = cost(moe({ tokens: 40_961, hiddenSize: 4093, intermediateSize: 2039, experts: 127, topK: 7 }));
    expect([m.exact, BigInt(m.macs)]).toEqual([true, n * 4093n * (127n + 7n * 3n * 2039n)]);
  });
});
