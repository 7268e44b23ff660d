// Families of Llama's block: RMS norms before attention and a gated feed-forward, apart by biases, windows and norms of
// queries and keys. Defaults are those of the configuration classes of transformers 5.24.
import { everyNth } from "../../models/decoderDefaults.js";
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { Family } from "./family.js";
import {
  always,
  attentionBias,
  evenSizes,
  llama,
  noRope,
  numbers,
  partial,
  rotatedInWindows,
  scaled,
  sizes,
  unwindowed,
  windowed,
} from "./llama.js";

const meta = { vocab_size: 32000, intermediate_size: 11008, num_attention_heads: 32 };
const mistral = { ...meta, intermediate_size: 14336, num_key_value_heads: 8 };
const olmo = { ...meta, vocab_size: 50304 };
const glm = {
  vocab_size: 151552,
  intermediate_size: 13696,
  num_attention_heads: 32,
  num_key_value_heads: 2,
  head_dim: 128,
  attention_bias: true,
};

/** GLM: biases of queries, keys and values alone, gate and up in one matrix, half of each head rotated. */
const readGlm: Family["read"] = (f) => ({
  ...sizes(f),
  qkvBias: f.flag("attention_bias", false),
  fusedProjections: "mlp",
  ...partial(f, 0.5),
});

/** model_type -> family. */
export const llamas: Readonly<Record<string, Family>> = {
  llama: { defaults: meta, read: llama },
  mistral: { defaults: { ...mistral, sliding_window: 4096 }, read: (f) => windowed(f, sizes(f), always) },
  ministral: { defaults: { ...mistral, sliding_window: 4096 }, read: (f) => windowed(f, sizes(f), always) },
  ministral3: {
    defaults: { ...mistral, vocab_size: 131072, head_dim: 128 },
    read: (f) => windowed(f, sizes(f), always),
  },
  smollm3: {
    defaults: {
      ...meta,
      vocab_size: 128256,
      num_attention_heads: 16,
      num_key_value_heads: 4,
      tie_word_embeddings: true,
    },
    read(f) {
      const c: DecoderConfig = { ...llama(f), ...noRope(f) };
      return f.flag("use_sliding_window", false) ? windowed(f, c, always) : unwindowed(f, c);
    },
  },
  phi3: {
    defaults: { ...meta, vocab_size: 32064, intermediate_size: 8192 },
    fixed: { full_attn_mod: 1 },
    read: (f) => windowed(f, { ...sizes(f), fusedProjections: true, ...partial(f) }, always),
  },
  granite: { defaults: meta, read: (f) => ({ ...llama(f), ...scaled }) },
  olmo: { defaults: olmo, read: (f) => ({ ...sizes(f), ...attentionBias(f), norm: "layer", normAffine: false }) },
  olmo2: {
    defaults: olmo,
    read: (f) => ({ ...sizes(f), ...attentionBias(f), norms: "after", queryKeyNorm: "all" }),
  },
  olmo3: {
    defaults: { ...olmo, sliding_window: 4096 },
    read: (f) =>
      windowed(f, { ...sizes(f), ...attentionBias(f), norms: "after", queryKeyNorm: "all" }, (n) => everyNth(4, n)),
  },
  helium: {
    defaults: {
      vocab_size: 48000,
      intermediate_size: 7040,
      num_attention_heads: 20,
      num_key_value_heads: 20,
      head_dim: 128,
    },
    read: (f) => ({ ...llama(f), outBias: false }),
  },
  cwm: {
    defaults: {
      ...mistral,
      vocab_size: 128256,
      intermediate_size: 21504,
      num_attention_heads: 48,
      head_dim: 128,
      sliding_window: 8192,
    },
    read(f) {
      const everyFourth = (layers: number) => numbers(layers).filter((i) => i % 4 === 0);
      return windowed(f, { ...sizes(f), mlpBias: f.flag("mlp_bias", false) }, everyFourth);
    },
  },
  ernie4_5: {
    defaults: {
      vocab_size: 103424,
      intermediate_size: 3072,
      num_attention_heads: 16,
      num_key_value_heads: 2,
      head_dim: 128,
      tie_word_embeddings: true,
    },
    fixed: { use_rmsnorm: true },
    read(f) {
      const bias = f.flag("use_bias", false);
      return { ...sizes(f), qkvBias: bias, outBias: bias, mlpBias: bias };
    },
  },
  glm: { defaults: glm, read: readGlm },
  glm4: { defaults: glm, read: (f) => ({ ...readGlm(f), norms: 4 }) },
  // The text of a model that sees, whose heads share the width.
  glm4v_text: {
    defaults: { vocab_size: 151552, intermediate_size: 13696, num_attention_heads: 32, num_key_value_heads: 2 },
    fixed: { attention_bias: true },
    read: (f) => ({ ...evenSizes(f), qkvBias: true, fusedProjections: "mlp", ...partial(f), norms: 4 }),
  },
  seed_oss: {
    defaults: {
      vocab_size: 155136,
      intermediate_size: 27648,
      num_attention_heads: 80,
      num_key_value_heads: 8,
      head_dim: 128,
      attention_bias: true,
    },
    read: (f) => ({
      ...sizes(f),
      qkvBias: f.flag("attention_bias", false),
      outBias: f.flag("attention_out_bias", false),
      mlpBias: f.flag("mlp_bias", false),
    }),
  },
  arcee: {
    defaults: { ...meta, intermediate_size: 18432, hidden_act: "relu2" },
    read: (f) => ({ ...llama(f), gated: false }),
  },
  exaone4: {
    defaults: {
      vocab_size: 102400,
      intermediate_size: 16384,
      num_attention_heads: 32,
      num_key_value_heads: 32,
      sliding_window: 4096,
      sliding_window_pattern: 4,
    },
    read: (f) =>
      rotatedInWindows(
        windowed(f, { ...sizes(f), norms: "after", queryKeyNorm: "head" }, (layers) =>
          everyNth(f.optional("sliding_window_pattern") ?? layers + 1, layers),
        ),
      ),
  },
  hunyuan_v1_dense: {
    defaults: { ...meta, vocab_size: 290943 },
    read: (f) => ({ ...sizes(f), ...attentionBias(f), queryKeyNorm: "head" }),
  },
  apertus: {
    defaults: { ...meta, vocab_size: 131072, intermediate_size: 14336, hidden_act: "xielu" },
    read(f) {
      // An activation with parameters, which other families' files do not have.
      const act = f.text("hidden_act") === "xielu" ? ("xielu" as const) : undefined;
      return { ...sizes(f, act), ...attentionBias(f), gated: false, queryKeyNorm: "head" };
    },
  },
  bitnet: {
    defaults: {
      vocab_size: 128256,
      intermediate_size: 6912,
      num_attention_heads: 20,
      num_key_value_heads: 5,
      hidden_act: "relu2",
    },
    read: (f) => ({ ...sizes(f), ...attentionBias(f), subNorms: true }),
  },
  nanochat: {
    defaults: {
      vocab_size: 50304,
      intermediate_size: 8192,
      num_attention_heads: 6,
      hidden_act: "relu2",
      final_logit_softcapping: 15,
    },
    read: (f) => ({
      ...sizes(f),
      ...attentionBias(f),
      gated: false,
      normAffine: false,
      embeddingNorm: true,
      queryKeyNorm: "plain",
      finalLogitSoftcapping: f.has("final_logit_softcapping"),
    }),
  },
  stablelm: {
    defaults: { ...meta, vocab_size: 50304, intermediate_size: 6912, num_key_value_heads: 32 },
    read(f) {
      return {
        ...evenSizes(f),
        norm: "layer",
        ...(f.flag("qk_layernorm", false) ? { queryKeyNorm: "perHead" } : {}),
        qkvBias: f.flag("use_qkv_bias", false),
        parallelResidual: f.flag("use_parallel_residual", false),
        ...partial(f, 0.25),
      };
    },
  },
};
