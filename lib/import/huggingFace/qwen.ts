// Qwen's families: a window that is off unless asked for, and experts in some of the layers.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { Fields } from "./fields.js";
import { experts, llama, numbers, windowed } from "./llama.js";

/** Qwen's window is off unless asked for, and only above max_window_layers. */
function qwenWindow(f: Fields, config: DecoderConfig): DecoderConfig {
  if (!f.flag("use_sliding_window", false)) return config;
  return windowed(f, config, (layers) => numbers(Math.min(layers, f.count("max_window_layers"))));
}

/** Layers without experts, by Qwen's two rules. */
function denseByStep(f: Fields, layers: number): number[] {
  const step = f.optional("decoder_sparse_step") ?? 1;
  const only = f.list("mlp_only_layers", maxLayers) ?? [];
  return numbers(layers).filter((i) => only.includes(i) || (i + 1) % step !== 0);
}

export function qwen2(f: Fields): DecoderConfig {
  return qwenWindow(f, { ...llama(f), qkvBias: true, outBias: false });
}

export function qwen2Moe(f: Fields): DecoderConfig {
  const c = qwenWindow(f, { ...llama(f), qkvBias: f.flag("qkv_bias", true), outBias: false });
  return {
    ...c,
    moe: {
      ...experts(f),
      moeIntermediateSize: f.size("moe_intermediate_size"),
      numSharedExperts: 1,
      sharedExpertIntermediateSize: f.size("shared_expert_intermediate_size"),
      sharedExpertGate: true,
      denseLayers: denseByStep(f, c.numHiddenLayers),
    },
  };
}

export function qwen3(f: Fields): DecoderConfig {
  const c = llama(f);
  return qwenWindow(f, { ...c, headDim: c.headDim ?? 128, queryKeyNorm: "head" });
}

export function qwen3Moe(f: Fields): DecoderConfig {
  const c = llama(f);
  const moe = {
    ...experts(f),
    moeIntermediateSize: f.size("moe_intermediate_size"),
    denseLayers: denseByStep(f, c.numHiddenLayers),
  };
  return qwenWindow(f, { ...c, queryKeyNorm: "head", moe });
}
