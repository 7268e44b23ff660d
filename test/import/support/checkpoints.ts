// The config.json files that fromHuggingFace is tried on: the decoders, and models of other shapes.
import { decoders, type Checkpoint } from "./decoders.js";

export const configs: Record<string, Checkpoint> = {
  ...decoders,
  "bert-base-uncased": [
    {
      architectures: ["BertModel"],
      model_type: "bert",
      hidden_act: "gelu",
      hidden_size: 768,
      intermediate_size: 3072,
      num_attention_heads: 12,
      num_hidden_layers: 12,
      max_position_embeddings: 512,
      type_vocab_size: 2,
      vocab_size: 30522,
    },
    109_482_240,
  ],
  "distilbert-base-uncased": [
    {
      model_type: "distilbert",
      activation: "gelu",
      dim: 768,
      hidden_dim: 3072,
      n_heads: 12,
      n_layers: 6,
      max_position_embeddings: 512,
      vocab_size: 30522,
    },
    66_362_880,
  ],
  "t5-base": [
    {
      model_type: "t5",
      d_model: 768,
      d_ff: 3072,
      d_kv: 64,
      num_heads: 12,
      num_layers: 12,
      vocab_size: 32128,
      relative_attention_num_buckets: 32,
    },
    222_903_552,
  ],
  "whisper-tiny": [
    {
      model_type: "whisper",
      d_model: 384,
      encoder_layers: 4,
      decoder_layers: 4,
      encoder_attention_heads: 6,
      decoder_attention_heads: 6,
      encoder_ffn_dim: 1536,
      decoder_ffn_dim: 1536,
      vocab_size: 51865,
      num_mel_bins: 80,
      max_source_positions: 1500,
      max_target_positions: 448,
    },
    37_760_640,
  ],
  vit_b_16: [
    {
      architectures: ["ViTForImageClassification"],
      model_type: "vit",
      hidden_size: 768,
      intermediate_size: 3072,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      image_size: 224,
      patch_size: 16,
      id2label: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, `class ${i}`])),
    },
    86_567_656,
  ],
};
