// DeepSeek's families: latent attention, and routed experts behind some dense layers.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { Fields } from "./fields.js";
import { experts, llama, numbers } from "./llama.js";

/** `routerBias`: version 3 corrects its router by a bias, version 2 has none. */
export function deepSeek(f: Fields, routerBias: boolean): DecoderConfig {
  const c = llama(f);
  const first = f.count("first_k_dense_replace");
  const every = f.optional("moe_layer_freq") ?? 1;
  const qLoraRank = f.optional("q_lora_rank");
  const mla = {
    kvLoraRank: f.size("kv_lora_rank"),
    qkNopeHeadDim: f.size("qk_nope_head_dim"),
    qkRopeHeadDim: f.size("qk_rope_head_dim"),
    vHeadDim: f.size("v_head_dim"),
    ...(qLoraRank === undefined ? {} : { qLoraRank }),
  };
  const latent: DecoderConfig = { ...c, numKeyValueHeads: c.numAttentionHeads, headDim: mla.vHeadDim, mla };
  if (!f.has("n_routed_experts")) return latent;
  return {
    ...latent,
    moe: {
      ...experts(f),
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: f.count("n_shared_experts"),
      routerBias,
      denseLayers: numbers(c.numHiddenLayers).filter((i) => i < first || i % every !== 0),
    },
  };
}
