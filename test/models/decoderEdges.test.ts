import { describe, expect, it } from "vitest";
import { decoder, elementCount, model, peakActivationBytes, type DecoderConfig, type Op } from "../../lib/index.js";

const small: DecoderConfig = {
  vocabSize: 1,
  hiddenSize: 8,
  numHiddenLayers: 2,
  numAttentionHeads: 4,
  numKeyValueHeads: 2,
  headDim: 2,
  intermediateSize: 6,
};
const elements = (tensors: Op["inputs"]): number => tensors.reduce((n, t) => n + elementCount(t.shape), 0);

it.each([10, "both", null, [1, 2], [{}, null]])("layers that are no list of records are refused: %j", (layers) => {
  expect(() => decoder({ ...small, layers: layers as unknown as [] })).toThrow(/^decoder: layers.* must be .*, got /);
});

describe("the edges of a decoder", () => {
  it.each(["Llama-3-8B", "Qwen3-0.6B", "Gemma-2-2B", "gpt2", "Qwen3-30B-A3B", "opt-125m"])(
    "%s: each op reads as many elements as the ops that it names have made",
    (name) => {
      const { nodes } = model(name, { tokens: 5 });
      for (const { path, op, reads } of nodes.slice(1))
        expect([path, reads!.reduce((n, i) => n + elements(nodes[i]!.op.outputs), 0)]).toEqual([
          path,
          elements(op.inputs.filter((t) => elementCount(t.shape) > 1)),
        ]); // a constant factor has one
    },
  );

  it("name earlier ops only, and every op but the last is read", () => {
    for (const name of [
      "DeepSeek-V2-Lite",
      "DeepSeek-V3",
      "pythia-160m",
      "Phi-2",
      "Phi-3-mini-4k",
      "Gemma-3-1B",
      "Mixtral-8x7B",
    ])
      for (const phase of ["prefill", "decode"] as const) {
        const { nodes } = model(name, { phase });
        const read = new Set(nodes.flatMap((n) => n.reads!));
        expect([name, nodes.every(({ reads }, i) => reads!.every((j) => j < i))]).toEqual([name, true]);
        expect([name, nodes.filter((_, i) => i < nodes.length - 1 && !read.has(i)).map((n) => n.path)]).toEqual([
          name,
          [],
        ]);
      }
  });

  it("let attention between a latent's two uses read what each form needs", () => {
    const reads = (phase: "prefill" | "decode") => {
      const { nodes } = model("DeepSeek-V3", { phase });
      return nodes
        .find((n) => n.path === "layers.3/attention/core")!
        .reads!.map((i) => nodes[i]!.path.replace("layers.3/attention/", ""));
    };
    expect(reads("prefill")).toEqual(["q_b_proj", "q_rope", "k_rope", "kv_b_proj"]);
    expect(reads("decode")).toEqual(["kv_b_proj.key", "q_rope", "k_rope", "kv_a_norm"]);
  });

  it("give the peak of unfused attention by hand: two score matrices beside stream, q, k, v and result", () => {
    // 10 rows, bf16: stream 8, turned q 8, turned k 4, v 4, result 8, and 4 heads of 10 x 10 scores, twice.
    expect(peakActivationBytes(decoder(small, { tokens: 10, fusedAttention: false }))).toBe(
      2 * (10 * 32 + 2 * 4 * 100),
    );
  });
});
