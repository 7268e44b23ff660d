// wav2vec 2.0 and HuBERT. Checked against transformers 5.24: Wav2Vec2Model, Wav2Vec2ForCTC,
// Wav2Vec2ForSequenceClassification, HubertModel, HubertForCTC, HubertForSequenceClassification.
import { perToken } from "../../models/heads.js";
import { speechEncoder, type SoundConvolution } from "../../models/speechEncoder.js";
import { dividing, headsOf, labelsOf, layersOr, only, sizeOr, type Family } from "./encoderFields.js";
import { sizesOf } from "./convNets.js";
import type { Fields } from "./fields.js";
import { activationOf } from "./llama.js";

function convolutionsOf(f: Fields): readonly SoundConvolution[] {
  const channels = sizesOf(f, "conv_dim", [512, 512, 512, 512, 512, 512, 512]);
  const strides = sizesOf(f, "conv_stride", [5, 2, 2, 2, 2, 2, 2]);
  const kernels = sizesOf(f, "conv_kernel", [10, 3, 3, 3, 3, 2, 2]);
  for (const [name, list] of [
    ["conv_stride", strides],
    ["conv_kernel", kernels],
  ] as const)
    if (list.length !== channels.length) f.refuse(name, `a list of ${channels.length}, as conv_dim is`);
  if (sizeOr(f, "num_feat_extract_layers", channels.length) !== channels.length)
    f.refuse("num_feat_extract_layers", `the ${channels.length} of conv_dim`);
  return channels.map((n, i) => ({ channels: n, kernelSize: kernels[i]!, stride: strides[i]! }));
}

/** Whether training masks frames, for which a vector is stored. */
const masks = (f: Fields): boolean => f.fraction(0.05, "mask_time_prob") > 0 || f.fraction(0, "mask_feature_prob") > 0;

const speech =
  (refuse: (f: Fields) => void, source: string): Family =>
  (f, options, name) => {
    refuse(f);
    const hiddenSize = sizeOr(f, "hidden_size", 768);
    const heads = dividing(f, "num_attention_heads", 12, hiddenSize);
    const stable = f.flag("do_stable_layer_norm", false);
    if (stable && f.has("adapter_attn_dim")) f.refuse("adapter_attn_dim", "absent (adapters are not counted)");
    const convNorm = f.text("feat_extract_norm") ?? "group";
    if (convNorm !== "group" && convNorm !== "layer") return f.refuse("feat_extract_norm", "group or layer");
    const positionGroups = sizeOr(f, "num_conv_pos_embedding_groups", 16);
    if (hiddenSize % positionGroups !== 0)
      f.refuse("num_conv_pos_embedding_groups", `a divisor of the width ${hiddenSize}`);
    return speechEncoder(
      name,
      {
        hiddenSize,
        numHiddenLayers: layersOr(f, "num_hidden_layers", 12),
        layer: {
          attention: { heads, headDim: hiddenSize / heads },
          intermediateSize: sizeOr(f, "intermediate_size", 3072),
          act: activationOf(f, "gelu", "hidden_act"),
          order: stable ? "before" : "after",
        },
        convolutions: convolutionsOf(f),
        convBias: f.flag("conv_bias", false),
        convAct: activationOf(f, "gelu", "feat_extract_activation"),
        convNorm,
        projectionNorm: f.flag("feat_proj_layer_norm", true),
        positionKernel: sizeOr(f, "num_conv_pos_embeddings", 128),
        positionGroups,
        heads: headsOf(f, {
          Model: () => [],
          ForCTC: () => [perToken("lm_head", sizeOr(f, "vocab_size", 32))],
          ForSequenceClassification: () => {
            only(f, "use_weighted_layer_sum", false);
            return [
              [
                ...perToken("projector", sizeOr(f, "classifier_proj_size", 256)),
                { step: "first" },
                ...perToken("classifier", labelsOf(f)),
              ],
            ];
          },
        }),
        unread: masks(f) ? hiddenSize : 0,
        source,
      },
      options,
    );
  };

export const speechFamilies: Readonly<Record<string, Family>> = {
  wav2vec2: speech((f) => only(f, "add_adapter", false), "huggingface/transformers, modeling_wav2vec2.py"),
  hubert: speech((f) => only(f, "conv_pos_batch_norm", false), "huggingface/transformers, modeling_hubert.py"),
};
