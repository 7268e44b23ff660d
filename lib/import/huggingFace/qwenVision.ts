// Qwen2-VL, Qwen2.5-VL, Qwen3-VL and Qwen3.5 with their towers. Checked against transformers 5.24:
// Qwen2VLForConditionalGeneration, Qwen2_5_VLForConditionalGeneration, Qwen3VLForConditionalGeneration,
// Qwen3VLMoeForConditionalGeneration, Qwen3_5ForConditionalGeneration, Qwen3_5MoeForConditionalGeneration, …Model.
// Video is not counted.
import { maxLayers } from "../../models/decoderDefaults.js";
import type { ComposedFamily } from "./composedFamily.js";
import { sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { headsOf, sourceOf, visionOf, type Common, type Generation, type Own } from "./mergedFamily.js";

/** A list of layers; `otherwise` where the file has none. */
function layerList(f: Fields, name: string, otherwise: readonly number[]): readonly number[] {
  const layers = f.list(name, maxLayers) ?? otherwise;
  return layers.every((i): i is number => Number.isInteger(i)) ? layers : f.refuse(name, "a list of layers");
}

/** The norm of patches, then a network of two matrices. */
const numbered = ["ln_q", "mlp.0", "mlp.2"] as const;

function qwen2(f: Fields): Own {
  const hiddenSize = sizeOr(f, "embed_dim", 1280);
  return {
    hiddenSize,
    layer: {
      attention: headsOf(f, hiddenSize),
      intermediateSize: hiddenSize * sizeOr(f, "mlp_ratio", 4),
      act: activationOf(f, "quick_gelu", "hidden_act"),
    },
    feedForward: { up: "mlp/fc1", activation: "mlp/act", down: "mlp/fc2" },
    patchBias: false,
    merger: numbered,
    deepstack: [],
  };
}

/** Windows in most layers, gated feed-forwards. */
function qwen25(f: Fields, { mergeSize, patchSize }: Common): Own {
  const hiddenSize = sizeOr(f, "hidden_size", 3584);
  const square = mergeSize * patchSize;
  const side = Math.floor(sizeOr(f, "window_size", 112) / square);
  if (side < 1) f.refuse("window_size", `at least ${square}, the pixels of a merged square`);
  // Of videos alone.
  f.optional("tokens_per_second");
  return {
    hiddenSize,
    layer: {
      attention: headsOf(f, hiddenSize),
      intermediateSize: sizeOr(f, "intermediate_size", 3420),
      act: activationOf(f, "silu", "hidden_act"),
      gated: true,
      norm: "rms",
    },
    feedForward: { up: "mlp/up_proj", gate: "mlp/gate_proj", activation: "mlp/act_fn", down: "mlp/down_proj" },
    patchBias: false,
    windows: { side, fullLayers: layerList(f, "fullatt_block_indexes", [7, 15, 23, 31]) },
    merger: numbered,
    deepstack: [],
  };
}

/** A table of positions, and the layers that are merged for the first layers of the text; by default `deepstack`. */
function qwen3(f: Fields, { numHiddenLayers }: Common, deepstack: readonly number[]): Own {
  const hiddenSize = sizeOr(f, "hidden_size", 1152);
  const name = "deepstack_visual_indexes";
  const layers = layerList(f, name, deepstack);
  if (new Set(layers).size < layers.length || layers.some((i) => i < 0 || i >= numHiddenLayers))
    f.refuse(name, `a list of different layers below depth ${numHiddenLayers}`);
  return {
    hiddenSize,
    layer: {
      attention: headsOf(f, hiddenSize),
      intermediateSize: sizeOr(f, "intermediate_size", 4304),
      act: activationOf(f, "gelu_pytorch_tanh", "hidden_act"),
    },
    feedForward: { up: "mlp/linear_fc1", activation: "mlp/act_fn", down: "mlp/linear_fc2" },
    patchBias: true,
    positionRows: sizeOr(f, "num_position_embeddings", 2304),
    merger: ["norm", "linear_fc1", "linear_fc2"],
    deepstack: layers,
  };
}

/** Qwen3.5's class has no deepstack, whatever a file lists. */
function qwen35(f: Fields, common: Common): Own {
  const own = qwen3(f, common, []);
  return own.deepstack.length === 0 ? own : f.refuse("deepstack_visual_indexes", "an empty list");
}

const ofQwen3 = { patch: 16, depth: 27, out: ["out_hidden_size", 3584] as const };
const generations = {
  qwen2_vl: { patch: 14, depth: 32, out: ["hidden_size", 3584], source: sourceOf("qwen2_vl"), own: qwen2 },
  qwen2_5_vl: { patch: 14, depth: 32, out: ["out_hidden_size", 3584], source: sourceOf("qwen2_5_vl"), own: qwen25 },
  qwen3_vl: {
    ...ofQwen3,
    source: sourceOf("qwen3_vl"),
    own: (f: Fields, common: Common) => qwen3(f, common, [8, 16, 24]),
  },
  qwen3_5: { ...ofQwen3, source: sourceOf("qwen3_5"), own: qwen35 },
} satisfies Readonly<Record<string, Generation>>;

/** A family of `generation`, whose text is of the type `textType`. */
const family = (name: string, generation: keyof typeof generations, more: Partial<ComposedFamily> = {}) => ({
  textType: `${name}_text`,
  tied: (f: Fields) => f.flag("tie_word_embeddings", false),
  vision: visionOf(name, generations[generation]),
  ...more,
});

/** Old files have the text's fields at the top; those saved later say in its record whether the output is tied. */
const older = { atTop: true, tied: (f: Fields, own: boolean) => f.flag("tie_word_embeddings", false) || own };

/** model_type -> family. */
export const qwenVisionFamilies: Readonly<Record<string, ComposedFamily>> = {
  qwen2_vl: family("qwen2_vl", "qwen2_vl", older),
  qwen2_5_vl: family("qwen2_5_vl", "qwen2_5_vl", older),
  qwen3_vl: family("qwen3_vl", "qwen3_vl"),
  qwen3_vl_moe: family("qwen3_vl_moe", "qwen3_vl"),
  qwen3_5: family("qwen3_5", "qwen3_5"),
  qwen3_5_moe: family("qwen3_5_moe", "qwen3_5"),
};
