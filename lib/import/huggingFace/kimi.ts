// Kimi K2.5 and its like: MoonViT before DeepSeek-V3's decoder, in the spellings of transformers and of the published
// files. Checked against transformers 5.24: Kimi_K25ForConditionalGeneration. Videos are not counted.
import type { VisionPart } from "../../models/composed.js";
import { view } from "../../models/layers.js";
import { norm, stackLayer, type StackLayer } from "../../models/stack.js";
import { addPositions } from "../../models/visionTransformer.js";
import { allRead, recordOf, type ComposedFamily } from "./composedFamily.js";
import { layersOr } from "./encoderFields.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";
import { sideOf, towerBefore, towerPath, type Tower } from "./towers.js";

const source = "huggingface/transformers, modeling_kimi_k25.py";

/** What published files say of the one tower that there is. */
const fixed: Readonly<Record<string, string>> = {
  merge_type: "sd2_tpool",
  mm_projector_type: "patchmerger",
  pos_emb_type: "divided_fixed",
  projector_hidden_act: "gelu",
  video_attn_type: "spatial_temporal",
};

function towerOf(f: Fields): Tower {
  const hiddenSize = f.optional("hidden_size", "vt_hidden_size") ?? 1152;
  const heads = f.optional("num_attention_heads", "vt_num_attention_heads") ?? 16;
  if (hiddenSize % heads !== 0) f.refuse("num_attention_heads", `a divisor of the width ${hiddenSize}`);
  const headDim = hiddenSize / heads;
  const patchSize = sideOf(f, "patch_size", 14);
  const rows = f.optional("pos_emb_height", "init_pos_emb_height") ?? 64;
  const columns = f.optional("pos_emb_width", "init_pos_emb_width") ?? 64;
  // Frames of a video: a table that is computed.
  f.optional("pos_emb_time", "init_pos_emb_time");
  const layer: StackLayer = {
    attention: { heads, headDim, rotaryDim: headDim },
    intermediateSize: f.optional("intermediate_size", "vt_intermediate_size") ?? 4304,
    act: activationOf(f, "gelu_pytorch_tanh", "hidden_act"),
  };
  const many = f.has("vt_num_hidden_layers") ? f.optional("num_hidden_layers", "vt_num_hidden_layers") : undefined;
  const numHiddenLayers = many ?? layersOr(f, "num_hidden_layers", 27);
  return {
    patchSize,
    numChannels: 3,
    hiddenSize,
    prefixTokens: 0,
    see(net, images) {
      const at = `${towerPath}patch_embed`;
      const map = net.conv(`${at}/proj`, images, hiddenSize, patchSize, { stride: patchSize, bias: true });
      const [batch, , high, wide] = map.shape as [number, number, number, number];
      let x = addPositions(net, `${at}/pos_emb`, view(map, [batch, high * wide, hiddenSize]), rows * columns);
      for (let i = 0; i < numHiddenLayers; i++) x = stackLayer(net, `${towerPath}layers.${i}`, x, layer);
      return norm(net, `${towerPath}final_layernorm`, x);
    },
  };
}

/** Patches normed, squares of them through two matrices. */
function kimi(f: Fields, width: number): VisionPart {
  const own = recordOf(f, "vision_config");
  const tower = towerOf(own);
  for (const [name, only] of Object.entries(fixed))
    if (own.has(name) && own.raw(name) !== only) own.refuse(name, JSON.stringify(only));
  const merge = sideOf(own, "merge_kernel_size", 2);
  for (const [name, size] of Object.entries({ mm_hidden_size: tower.hiddenSize, text_hidden_size: width }))
    if ((own.optional(name) ?? size) !== size) own.refuse(name, String(size));
  const normed = f.optional("projection_hidden_size") ?? own.optional("mm_hidden_size") ?? 1152;
  if (normed !== tower.hiddenSize) f.refuse("projection_hidden_size", `${tower.hiddenSize}, the tower's width`);
  for (const name of ["use_unified_vision_chunk", "video_placeholder", "ignore_index"]) f.raw(name);
  allRead("kimi_k25", own, true);
  allRead("kimi_k25", f);
  const merged = merge ** 2 * tower.hiddenSize;
  return towerBefore(tower, {
    merge,
    positions: (rows, columns) => (rows / merge) * (columns / merge),
    project(net, patches, rows, columns) {
      const squares = [patches.shape[0]!, (rows * columns) / merge ** 2, merged];
      const x = view(net.layerNorm("mm_projector/pre_norm", patches), squares);
      const inner = net.activate("mm_projector/act", net.linear("mm_projector/in_proj", x, merged), "gelu");
      return net.linear("mm_projector/out_proj", inner, width);
    },
    source,
  });
}

/** model_type -> family. */
export const kimiFamilies: Readonly<Record<string, ComposedFamily>> = {
  kimi_k25: {
    textType: "deepseek_v3",
    tied: (f) => f.flag("tie_word_embeddings", true),
    vision: kimi,
  },
};
