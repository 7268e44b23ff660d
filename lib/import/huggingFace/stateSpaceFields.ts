// What state-space and hybrid families have in common: a family's record, the layers one by one, Mamba-2's sizes.
import type { HybridLayer, Mamba2Mixer } from "../../models/stateSpaceConfig.js";
import { maxLayers } from "../../models/decoderDefaults.js";
import type { Fields } from "./fields.js";
import { activationOf, layerCount, numbers } from "./llama.js";

/** `n` layers of one kind. */
export const alike = (n: number, layer: HybridLayer): HybridLayer[] => numbers(n).map(() => layer);

/** The rank of the steps, where "auto" is a sixteenth of the stream. */
export const rankOf = (f: Fields, name: string): number =>
  f.raw(name) === "auto" ? Math.ceil(f.size("hidden_size") / 16) : f.size(name);

/** SiLU, which is what a scan's input and gate are counted with. */
export function siluOnly(f: Fields, name: string): void {
  if (activationOf(f, "silu", name) !== "silu") f.refuse(name, '"silu"');
}

/** The layers that `names` stand for, each one of `kinds`. */
export function layersOf(
  f: Fields,
  names: readonly unknown[],
  kinds: Readonly<Record<string, HybridLayer>>,
): HybridLayer[] {
  return names.map((name) => {
    if (typeof name !== "string" || !Object.hasOwn(kinds, name))
      return f.refuse("layer_types", `a list of ${Object.keys(kinds).join(", ")}`);
    return kinds[name]!;
  });
}

/** As layersOf, of as many layers as there are; undefined where the file lists none. */
export function listedLayers(f: Fields, kinds: Readonly<Record<string, HybridLayer>>): HybridLayer[] | undefined {
  const names = f.list("layer_types", maxLayers);
  if (names === undefined) return undefined;
  const n = layerCount(f, "num_hidden_layers");
  if (names.length !== n) f.refuse("layer_types", `a list of num_hidden_layers ${n}`);
  return layersOf(f, names, kinds);
}

/** Groups that divide the heads. */
export function groupsOf(f: Fields, name: string, heads: number): number {
  const groups = f.size(name);
  return heads % groups === 0 ? groups : f.refuse(name, `a divisor of the ${heads} heads`);
}

/** Mamba-2 under the names of Bamba and its kin, `width` elements wide. */
export function mambaOfHybrid(f: Fields, width: number): Mamba2Mixer {
  const numHeads = f.size("mamba_n_heads");
  const headDim = f.raw("mamba_d_head") === "auto" ? width / numHeads : f.size("mamba_d_head");
  if (numHeads * headDim !== width || width % numHeads !== 0)
    f.refuse("mamba_n_heads", `the width ${width} over mamba_d_head ${headDim}`);
  siluOnly(f, "hidden_act");
  return {
    numHeads,
    headDim,
    stateSize: f.size("mamba_d_state"),
    nGroups: groupsOf(f, "mamba_n_groups", numHeads),
    convKernel: f.size("mamba_d_conv"),
    chunkSize: f.size("mamba_chunk_size"),
    useBias: f.flag("mamba_proj_bias", false),
    useConvBias: f.flag("mamba_conv_bias", true),
  };
}
