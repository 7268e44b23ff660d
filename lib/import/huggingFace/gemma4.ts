// Gemma 4 of text and images: a tower of any image size, means of squares of patches, one matrix, the decoder. Checked
// against transformers 5.24: Gemma4ForConditionalGeneration, Gemma4Model.
import type { VisionPart } from "../../models/composed.js";
import { seePooled, type PooledVisionConfig } from "../../models/pooledVision.js";
import { allRead, recordOf, type ComposedFamily } from "./composedFamily.js";
import { layersOr, only, sizeOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { repeated } from "./unread.js";

function towerOf(f: Fields): PooledVisionConfig {
  if ((f.text("model_type") ?? "gemma4_vision") !== "gemma4_vision") f.refuse("model_type", "gemma4_vision");
  const heads = sizeOr(f, "num_attention_heads", 12);
  const kvHeads = sizeOr(f, "num_key_value_heads", 12);
  if (heads % kvHeads !== 0) f.refuse("num_key_value_heads", `a divisor of the ${heads} heads`);
  const headDim = sizeOr(f, "head_dim", 64);
  if (headDim % 4 !== 0) f.refuse("head_dim", "a multiple of 4");
  // Files repeat it under the text's name, and how many positions an image may take follows from its pixels.
  repeated(f, headDim, "global_head_dim");
  for (const name of ["default_output_length", "image_seq_length", "video_seq_length"]) f.optional(name);
  f.flag("standardize", false);
  f.flag("attention_bias", false);
  only(f, "use_clipped_linears", false);
  const poolSize = sizeOr(f, "pooling_kernel_size", 3);
  if (poolSize === 1) f.refuse("pooling_kernel_size", "at least 2 (the class pools)");
  return {
    patchSize: sizeOr(f, "patch_size", 16),
    poolSize,
    numChannels: 3,
    hiddenSize: sizeOr(f, "hidden_size", 768),
    numHiddenLayers: layersOr(f, "num_hidden_layers", 16),
    intermediateSize: sizeOr(f, "intermediate_size", 3072),
    heads,
    kvHeads,
    headDim,
    act: activationOf(f, "gelu_pytorch_tanh", "hidden_activation"),
    positionRows: sizeOr(f, "position_embedding_size", 10240),
  };
}

function gemma4(f: Fields, width: number): VisionPart {
  if (f.has("audio_config")) f.refuse("audio_config", "null (a tower of sound is not counted)");
  const own = recordOf(f, "vision_config");
  const tower = towerOf(own);
  allRead("gemma4", own, true);
  f.optional("vision_soft_tokens_per_image");
  allRead("gemma4", f);
  const multipleOf = tower.patchSize * tower.poolSize;
  return {
    multipleOf,
    numChannels: tower.numChannels,
    positions: (height, across) => (height / multipleOf) * (across / multipleOf),
    see(net, images) {
      const normed = net.normalize("embed_vision/norm", seePooled(net, images, tower, "vision_tower"));
      return net.linear("embed_vision/embedding_projection", normed, width, { bias: false });
    },
    source: "huggingface/transformers, modeling_gemma4.py",
  };
}

/** model_type -> family. */
export const gemma4Families: Readonly<Record<string, ComposedFamily>> = {
  gemma4: { textType: "gemma4_text", tied: (f) => f.flag("tie_word_embeddings", true), vision: gemma4 },
};
