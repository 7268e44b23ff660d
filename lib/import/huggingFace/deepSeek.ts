// DeepSeek's families: latent attention, and routed experts behind some dense layers.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { Fields } from "./fields.js";
import { experts, llama, numbers } from "./llama.js";

/** `routerBias`: version 3 corrects its router by a bias, version 2 has none. */
export function deepSeek(f: Fields, routerBias: boolean): DecoderConfig {
  const c = llama(f);
  const first = f.count("first_k_dense_replace");
  const every = f.optional("moe_layer_freq") ?? 1;
  const shared = f.count("n_shared_experts");
  const queryRank = f.optional("q_lora_rank");
  const mla = {
    rank: f.size("kv_lora_rank"),
    nope: f.size("qk_nope_head_dim"),
    rope: f.size("qk_rope_head_dim"),
    value: f.size("v_head_dim"),
    ...(queryRank === undefined ? {} : { queryRank }),
  };
  const latent: DecoderConfig = { ...c, kvHeads: c.heads, headDim: mla.value, mla };
  if (!f.has("n_routed_experts")) return latent;
  return {
    ...latent,
    moe: {
      ...experts(f),
      hidden: f.size("moe_intermediate_size"),
      sharedExperts: shared,
      routerBias,
      denseLayers: numbers(c.layers).filter((i) => i < first || i % every !== 0),
    },
  };
}
