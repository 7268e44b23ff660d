// Fields of encoders' classes that no counted pass reads: of heads that are refused, of training, of how a file came
// about. What such a field says changes no size.
import { namesIn } from "./unread.js";

/** A backbone's choice of stages; classes of backbones are refused. */
const backbone = "out_features out_indices stage_names reshape_hidden_states apply_layernorm";
/** Of BERT's first files; transformers 5.24 reads positions by a table alone. */
const firstBerts =
  "position_embedding_type directionality pooler_fc_size pooler_num_attention_heads pooler_num_fc_layers " +
  "pooler_size_per_head pooler_type";
/** Of fairseq's files, whose order of norms is the class's. */
const fairseq =
  "add_bias_logits add_final_layer_norm classif_dropout extra_pos_embeddings force_bos_token_to_be_generated " +
  "normalize_before normalize_embedding save_step static_position_embeddings layernorm_variant extra_layer_norm " +
  "do_blenderbot_90_layernorm";
const t5 = "dense_act_fn relative_attention_max_distance";
const vit = "encoder_stride pooler_act pooler_output_size";
const speech =
  "adapter_attn_dim adapter_kernel_size adapter_stride num_adapter_layers output_hidden_size apply_spec_augment " +
  "classifier_proj_size codevector_dim contrastive_logits_temperature num_codevector_groups " +
  "num_codevectors_per_group num_negatives proj_codevector_dim tdnn_dilation tdnn_dim tdnn_kernel " +
  "xvector_output_dim vocab_size use_weighted_layer_sum freeze_feat_extract_train no_mask_channel_overlap";

const idle: Readonly<Record<string, string>> = {
  bert: firstBerts,
  roberta: firstBerts,
  "xlm-roberta": firstBerts,
  camembert: firstBerts,
  distilbert: "sinusoidal_pos_embds tie_weights_",
  albert: `${firstBerts} down_scale_factor net_structure_type`,
  electra: firstBerts,
  mpnet: firstBerts,
  "deberta-v2": `${firstBerts} legacy max_relative_positions pooler_hidden_act pooler_hidden_size`,
  modernbert:
    "classifier_activation classifier_bias classifier_pooling decoder_bias deterministic_flash_attn " +
    "global_attn_every_n_layers global_rope_theta layer_types local_attention local_rope_theta " +
    "position_embedding_type reference_compile repad_logits_with_grad sparse_prediction",
  nomic_bert: "position_embedding_type",
  eurobert: "classifier_pooling",
  t5,
  mt5: t5,
  umt5: t5,
  bart: fairseq,
  mbart: fairseq,
  pegasus: fairseq,
  marian: `${fairseq} decoder_vocab_size`,
  m2m_100: fairseq,
  blenderbot: fairseq,
  whisper: "apply_spec_augment classifier_proj_size median_filter_width use_weighted_layer_sum",
  wav2vec2: speech,
  hubert: speech,
  vit,
  deit: vit,
  beit:
    `${backbone} vocab_size add_fpn auxiliary_channels auxiliary_concat_input auxiliary_num_convs pool_scales ` +
    "use_auxiliary_head",
  dinov2: `${backbone} layerscale_value`,
  dinov3_vit: `${backbone} layerscale_value pos_embed_jitter pos_embed_rescale pos_embed_shift rope_theta`,
  convnext: backbone,
  convnextv2: backbone,
  resnet: backbone,
  swin: `${backbone} encoder_stride path_norm`,
  swinv2: `${backbone} encoder_stride path_norm pretrained_window_sizes`,
  segformer: "decoder_hidden_size downsampling_rates reshape_last_stage",
  mobilenet_v2: "tf_padding",
  mobilevit: "aspp_out_channels atrous_rates",
  vit_mae: "norm_pix_loss",
  clip_text_model: "projection_dim",
  clip_vision_model: "projection_dim",
  siglip_text_model: "projection_size",
};

/** Fields of `type` that change no size. A class without an output layer has no use for what ties one. */
export const idleFields = (type: string): ReadonlySet<string> => namesIn("tie_word_embeddings", idle[type] ?? "");
