import { describe, expect, it } from "vitest";
import { macsByKind, model, modelCost, trainingStep } from "../../lib/index.js";
import golden from "../golden/training.json" with { type: "json" };

const backwardMacs = (name: string, options = {}) =>
  modelCost(model(name, { ...options, phase: "train" })).macs - modelCost(model(name, options)).macs;

describe("a training step", () => {
  it.each(golden.dispatcher)(
    'model("$name", { phase: "train" }) does $backward MACs backward, as PyTorch\'s autograd',
    ({ name, imageSize, forward, backward }) => {
      expect(modelCost(model(name, { imageSize })).macs).toBe(forward);
      expect(backwardMacs(name, { imageSize })).toBe(backward);
    },
  );

  it.each(golden.ratios)('model("$name") backward / forward is $ratio', ({ name, ratio }) => {
    expect((backwardMacs(name) / modelCost(model(name)).macs).toFixed(4)).toBe(ratio);
  });

  it.each(["resnet50", "efficientnet_b0", "vit_b_16", "bert-base-uncased", "t5-small", "whisper-tiny", "inception_v3"])(
    'model("%s", { phase: "train" }) counts its parameters once',
    (name) => {
      const inference = model(name);
      const training = model(name, { phase: "train" });
      expect(modelCost(training).params).toBe(modelCost(inference).params);
    },
  );

  it("trainingStep(model) is exactly three times the contractions, less the first layer's input gradient", () => {
    const m = model("resnet18");
    const first = m.nodes[0]!.op;
    expect(modelCost(trainingStep(m)).macs).toBe(3 * modelCost(m).macs - first.macs);
    const { conv, linear, bmm } = macsByKind(trainingStep(m));
    expect({ conv: conv + first.macs, linear, bmm }).toEqual({ conv: 3 * 1813561344, linear: 3 * 512000, bmm: 0 });
  });

  it('model(name, { phase: "train", fusedAttention: true }) recomputes QKᵀ: half of the attention once more', () => {
    const kept = modelCost(model("vit_b_16", { phase: "train" }));
    const fused = modelCost(model("vit_b_16", { phase: "train", fusedAttention: true }));
    expect(fused.macs - kept.macs).toBe(715327488 / 2);
    expect(fused.bytesRead).toBeLessThan(kept.bytesRead);
  });
});
