import { describe, expect, it } from "vitest";
import { elementCount, model, type Op } from "../../lib/index.js";

const elements = (tensors: Op["inputs"]): number =>
  tensors.filter((t) => t.dtype !== "int64").reduce((n, t) => n + elementCount(t.shape), 0);

describe("the edges of vision models and encoders", () => {
  const names = [
    "resnet50",
    "densenet121",
    "googlenet",
    "inception_v3",
    "mobilenet_v3_large",
    "efficientnet_b0",
    "regnet_y_400mf",
    "convnext_tiny",
    "squeezenet1_0",
    "vgg11_bn",
    "alexnet",
    "mnasnet1_0",
    "whisper-tiny",
    "distilbert-base-uncased",
  ];
  it.each(names)("%s: each op reads as many elements as the ops that it names have made", (name) => {
    const { nodes } = model(name);
    for (const { path, op, reads } of nodes) {
      const made = reads!.reduce((n, i) => n + elements(nodes[i]!.op.outputs), 0);
      // What reads nothing reads the model's own input.
      if (reads!.length > 0) expect([path, made]).toEqual([path, elements(op.inputs)]);
      else expect([path, op.kind]).toEqual([path, expect.stringMatching(/^conv|embedding/)]);
    }
  });

  it("hold a cut half, and the encoded source, until their last reader", () => {
    const reads = (name: string, path: string): string[] => {
      const { nodes } = model(name);
      return nodes.find((n) => n.path === path)!.reads!.map((i) => nodes[i]!.path);
    };
    expect(reads("shufflenet_v2_x1_0", "stage2.1/concat")).toEqual(["stage2.0/concat", "stage2.1/branch2.7"]);
    expect(reads("whisper-tiny", "decoder/layers.3/encoder_attn/k_proj")).toEqual(["encoder/layer_norm"]);
    expect(reads("swin_t", "features.1/0/add_1")).toEqual(["features.0.2", "features.1/0/attn/proj"]);
    expect(reads("swin_v2_t", "features.1/0/attn/attention")).toEqual(
      ["q_norm", "k_norm", "qkv"].map((name) => `features.1/0/attn/${name}`),
    );
    expect(reads("t5-small", "lm_head")).toEqual(["decoder/scale"]);
    expect(reads("t5-small", "decoder/scale")).toEqual(["decoder/final_layer_norm"]);
  });
});
