// GLM-4.1V and GLM-4.5V with their tower. Checked against transformers 5.24: Glm4vForConditionalGeneration,
// Glm4vMoeForConditionalGeneration, …Model.
import type { ComposedFamily } from "./composedFamily.js";
import { sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { headsOf, sourceOf, visionOf, type Common, type Generation, type Own } from "./mergedFamily.js";

/** Gated layers as wide inside as the text; the merger's network is as wide as the file says. */
function glm(f: Fields, { patchSize, outHiddenSize }: Common): Own {
  const hiddenSize = sizeOr(f, "hidden_size", 1536);
  const places = Math.floor(sizeOr(f, "image_size", 336) / patchSize);
  if (places < 1) f.refuse("image_size", `at least patch_size ${patchSize}`);
  const bias = f.flag("attention_bias", false);
  return {
    hiddenSize,
    layer: {
      attention: { ...headsOf(f, hiddenSize, 12), bias, outBias: false },
      intermediateSize: outHiddenSize,
      act: activationOf(f, "silu", "hidden_act"),
      gated: true,
      mlpBias: false,
      norm: "rms",
    },
    feedForward: { up: "mlp/up_proj", gate: "mlp/gate_proj", activation: "mlp/act_fn", down: "mlp/down_proj" },
    patchBias: true,
    outerNorms: true,
    positionRows: places ** 2,
    merger: { intermediateSize: sizeOr(f, "intermediate_size", 13696) },
    deepstack: [],
  };
}

const generation: Generation = {
  patch: 14,
  depth: 24,
  out: ["out_hidden_size", 4096],
  source: sourceOf("glm4v"),
  own: glm,
};

const family = (name: string): ComposedFamily => ({
  textType: `${name}_text`,
  tied: (f, own) => f.flag("tie_word_embeddings", false) || own,
  vision: visionOf(name, generation),
});

/** model_type -> family. */
export const glmVisionFamilies: Readonly<Record<string, ComposedFamily>> = {
  glm4v: family("glm4v"),
  glm4v_moe: family("glm4v_moe"),
};
