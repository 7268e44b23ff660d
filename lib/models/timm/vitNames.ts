// Figures of timm's Vision Transformers by their names there, read from its classes' arguments (timm 1.0.31). Data
// only.
import type { TimmVitConfig } from "./vit.js";

/** Width, depth and heads. */
type Size = Pick<TimmVitConfig, "hiddenSize" | "depth" | "heads" | "intermediateSize">;
type Variant = Partial<TimmVitConfig>;

const tiny = { hiddenSize: 192, depth: 12, heads: 3 };
const small = { hiddenSize: 384, depth: 12, heads: 6 };
const medium = { hiddenSize: 512, depth: 12, heads: 8 };
const betwixt = { hiddenSize: 640, depth: 12, heads: 10 };
const base = { hiddenSize: 768, depth: 12, heads: 12 };
const large = { hiddenSize: 1024, depth: 24, heads: 16 };
const huge = { hiddenSize: 1280, depth: 32, heads: 16 };
const so400m = { hiddenSize: 1152, depth: 27, heads: 16, intermediateSize: 4304 };
const plus = { hiddenSize: 896, depth: 12, heads: 14 };
const xsmall = { hiddenSize: 256, depth: 10, heads: 4 };

const token: Variant = {};
const clip: Variant = { preNorm: true };
const scaled: Variant = { layerScale: true };
const mean: Variant = { classToken: false, pool: "avg" };
const meanBehind: Variant = { classToken: false, pool: "avg", finalNorm: "behind" };
const siglip: Variant = { classToken: false, pool: "map", numLabels: 0 };
const siglipTanh: Variant = { classToken: false, pool: "map", numLabels: 0, activation: "geluTanh" };
const siglipMean: Variant = { classToken: false, pool: "avg", numLabels: 0 };
const siglipMeanTanh: Variant = { classToken: false, pool: "avg", numLabels: 0, activation: "geluTanh" };
const dinov2: Variant = { layerScale: true, numLabels: 0 };
const dinov2Registers: Variant = { layerScale: true, registers: 4, embedClass: false, numLabels: 0 };
const deit3: Variant = { layerScale: true, embedClass: false };
const registers: Variant = {
  classToken: false,
  registers: 4,
  embedClass: false,
  pool: "avg",
  layerScale: true,
  finalNorm: "behind",
};
const register: Variant = {
  classToken: false,
  registers: 1,
  embedClass: false,
  pool: "avg",
  layerScale: true,
  finalNorm: "behind",
};
const quickClip: Variant = { preNorm: true, activation: "quickGelu" };
const distilled: Variant = { registers: 1, distilled: true };

const of = (size: Size, patchSize: number, imageSize: number, ...variants: Variant[]): TimmVitConfig =>
  Object.assign({ ...size, patchSize, imageSize }, ...variants) as TimmVitConfig;

export const timmVits: Readonly<Record<string, TimmVitConfig>> = {
  vit_tiny_patch16_224: of(tiny, 16, 224),
  vit_tiny_patch16_384: of(tiny, 16, 384),
  vit_small_patch32_224: of(small, 32, 224),
  vit_small_patch32_384: of(small, 32, 384),
  vit_small_patch16_224: of(small, 16, 224),
  vit_small_patch16_384: of(small, 16, 384),
  vit_small_patch8_224: of(small, 8, 224, token, { numLabels: 0 }),
  vit_base_patch32_224: of(base, 32, 224),
  vit_base_patch32_384: of(base, 32, 384),
  vit_base_patch16_224: of(base, 16, 224),
  vit_base_patch16_384: of(base, 16, 384),
  vit_base_patch8_224: of(base, 8, 224),
  vit_large_patch32_224: of(large, 32, 224, token, { numLabels: 0 }),
  vit_large_patch32_384: of(large, 32, 384),
  vit_large_patch16_224: of(large, 16, 224),
  vit_large_patch16_384: of(large, 16, 384),
  vit_large_patch14_224: of(large, 14, 224),
  vit_huge_patch14_224: of(huge, 14, 224, token, { numLabels: 0 }),
  vit_base_patch16_224_miil: of(base, 16, 224, token, { qkvBias: false, numLabels: 11221 }),
  vit_medium_patch16_gap_240: of(medium, 16, 240, mean, { qkvBias: false, layerScale: true, numLabels: 11821 }),
  vit_medium_patch16_gap_256: of(medium, 16, 256, mean, { qkvBias: false, layerScale: true }),
  vit_medium_patch16_gap_384: of(medium, 16, 384, mean, { qkvBias: false, layerScale: true }),
  vit_betwixt_patch16_gap_256: of(betwixt, 16, 256, mean, { qkvBias: false, layerScale: true }),
  vit_base_patch16_gap_224: of({ hiddenSize: 768, depth: 12, heads: 16 }, 16, 224, mean),
  vit_huge_patch14_gap_224: of(huge, 14, 224, siglipMean),
  vit_huge_patch16_gap_448: of(huge, 16, 448, siglipMean),
  vit_xsmall_patch16_clip_224: of(xsmall, 16, 224, clip, { numLabels: 512 }),
  vit_medium_patch32_clip_224: of(medium, 32, 224, clip, { numLabels: 512 }),
  vit_medium_patch16_clip_224: of(medium, 16, 224, clip, { numLabels: 512 }),
  vit_betwixt_patch32_clip_224: of(betwixt, 32, 224, clip, { numLabels: 512 }),
  vit_base_patch32_clip_224: of(base, 32, 224, clip),
  vit_base_patch32_clip_256: of(base, 32, 256, clip, { numLabels: 512 }),
  vit_base_patch32_clip_384: of(base, 32, 384, clip),
  vit_base_patch32_clip_448: of(base, 32, 448, clip),
  vit_base_patch16_clip_224: of(base, 16, 224, clip),
  vit_base_patch16_clip_384: of(base, 16, 384, clip),
  vit_base_patch16_plus_clip_240: of(plus, 16, 240, clip, { numLabels: 640 }),
  vit_large_patch14_clip_224: of(large, 14, 224, clip),
  vit_large_patch14_clip_336: of(large, 14, 336, clip),
  vit_huge_patch14_clip_224: of(huge, 14, 224, clip),
  vit_huge_patch14_clip_336: of(huge, 14, 336, clip),
  vit_huge_patch14_clip_378: of(huge, 14, 378, clip, { numLabels: 1024 }),
  vit_base_patch32_clip_quickgelu_224: of(base, 32, 224, quickClip, { numLabels: 512 }),
  vit_base_patch16_clip_quickgelu_224: of(base, 16, 224, quickClip, { numLabels: 512 }),
  vit_large_patch14_clip_quickgelu_224: of(large, 14, 224, quickClip, { numLabels: 768 }),
  vit_large_patch14_clip_quickgelu_336: of(large, 14, 336, quickClip, { numLabels: 768 }),
  vit_huge_patch14_clip_quickgelu_224: of(huge, 14, 224, quickClip, { numLabels: 1024 }),
  vit_huge_patch14_clip_quickgelu_378: of(huge, 14, 378, quickClip, { numLabels: 1024 }),
  vit_base_patch32_plus_256: of(plus, 32, 256, scaled),
  vit_base_patch16_plus_240: of(plus, 16, 240, scaled),
  vit_small_patch16_36x1_224: of({ hiddenSize: 384, depth: 36, heads: 6 }, 16, 224, scaled),
  flexivit_small: of(small, 16, 240, token, { embedClass: false }),
  flexivit_base: of(base, 16, 240, token, { embedClass: false }),
  flexivit_large: of(large, 16, 240, token, { embedClass: false }),
  vit_small_patch14_dinov2: of(small, 14, 518, dinov2),
  vit_base_patch14_dinov2: of(base, 14, 518, dinov2),
  vit_large_patch14_dinov2: of(large, 14, 518, dinov2),
  vit_small_patch14_reg4_dinov2: of(small, 14, 518, dinov2Registers),
  vit_base_patch14_reg4_dinov2: of(base, 14, 518, dinov2Registers),
  vit_large_patch14_reg4_dinov2: of(large, 14, 518, dinov2Registers),
  vit_base_patch14_reg1_tipsv2: of(base, 14, 448, dinov2, { registers: 1, embedClass: false }),
  vit_large_patch14_reg1_tipsv2: of(large, 14, 448, dinov2, { registers: 1, embedClass: false }),
  vit_so400m_patch14_reg1_tipsv2: of(so400m, 14, 448, dinov2, { registers: 1, embedClass: false }),
  vit_base_patch32_siglip_256: of(base, 32, 256, siglipTanh),
  vit_base_patch16_siglip_224: of(base, 16, 224, siglip),
  vit_base_patch16_siglip_256: of(base, 16, 256, siglip),
  vit_base_patch16_siglip_384: of(base, 16, 384, siglip),
  vit_base_patch16_siglip_512: of(base, 16, 512, siglip),
  vit_large_patch16_siglip_256: of(large, 16, 256, siglip),
  vit_large_patch16_siglip_384: of(large, 16, 384, siglip),
  vit_large_patch16_siglip_512: of(large, 16, 512, siglipTanh),
  vit_so400m_patch14_siglip_224: of(so400m, 14, 224, siglip),
  vit_so400m_patch14_siglip_378: of(so400m, 14, 378, siglip),
  vit_so400m_patch14_siglip_384: of(so400m, 14, 384, siglip),
  vit_so400m_patch16_siglip_256: of(so400m, 16, 256, siglipTanh),
  vit_so400m_patch16_siglip_384: of(so400m, 16, 384, siglipTanh),
  vit_so400m_patch16_siglip_512: of(so400m, 16, 512, siglipTanh),
  vit_base_patch32_siglip_gap_256: of(base, 32, 256, siglipMeanTanh),
  vit_base_patch16_siglip_gap_224: of(base, 16, 224, siglipMean),
  vit_base_patch16_siglip_gap_256: of(base, 16, 256, siglipMean),
  vit_base_patch16_siglip_gap_384: of(base, 16, 384, siglipMean),
  vit_base_patch16_siglip_gap_512: of(base, 16, 512, siglipMean),
  vit_large_patch16_siglip_gap_256: of(large, 16, 256, siglipMean),
  vit_large_patch16_siglip_gap_384: of(large, 16, 384, siglipMean),
  vit_large_patch16_siglip_gap_512: of(large, 16, 512, siglipMeanTanh),
  vit_so400m_patch14_siglip_gap_224: of(so400m, 14, 224, siglipMean),
  vit_so400m_patch14_siglip_gap_378: of(so400m, 14, 378, siglipMean),
  vit_so400m_patch14_siglip_gap_384: of(so400m, 14, 384, siglipMean),
  vit_so400m_patch14_siglip_gap_448: of(so400m, 14, 448, siglipMean),
  vit_so400m_patch14_siglip_gap_896: of(so400m, 14, 896, siglipMean),
  vit_so400m_patch16_siglip_gap_256: of(so400m, 16, 256, siglipMeanTanh),
  vit_so400m_patch16_siglip_gap_384: of(so400m, 16, 384, siglipMeanTanh),
  vit_so400m_patch16_siglip_gap_512: of(so400m, 16, 512, siglipMeanTanh),
  vit_wee_patch16_reg1_gap_256: of({ hiddenSize: 256, depth: 14, heads: 4 }, 16, 256, register, {
    intermediateSize: 1280,
  }),
  vit_little_patch16_reg1_gap_256: of({ hiddenSize: 320, depth: 14, heads: 5 }, 16, 256, register, {
    intermediateSize: 1792,
  }),
  vit_little_patch16_reg4_gap_256: of({ hiddenSize: 320, depth: 14, heads: 5 }, 16, 256, registers, {
    intermediateSize: 1792,
  }),
  vit_medium_patch16_reg1_gap_256: of(medium, 16, 256, register),
  vit_medium_patch16_reg4_gap_256: of(medium, 16, 256, registers),
  vit_mediumd_patch16_reg4_gap_256: of({ hiddenSize: 512, depth: 20, heads: 8 }, 16, 256, registers),
  vit_mediumd_patch16_reg4_gap_384: of({ hiddenSize: 512, depth: 20, heads: 8 }, 16, 384, registers),
  vit_betwixt_patch16_reg1_gap_256: of(betwixt, 16, 256, register),
  vit_betwixt_patch16_reg4_gap_256: of(betwixt, 16, 256, registers),
  vit_betwixt_patch16_reg4_gap_384: of(betwixt, 16, 384, registers),
  vit_base_patch16_reg4_gap_256: of(base, 16, 256, meanBehind, { registers: 4, embedClass: false }),
  vit_so150m_patch16_reg4_map_256: of({ hiddenSize: 896, depth: 18, heads: 14 }, 16, 256, token, {
    intermediateSize: 2304,
    classToken: false,
    registers: 4,
    pool: "map",
  }),
  vit_so150m_patch16_reg4_gap_256: of({ hiddenSize: 896, depth: 18, heads: 14 }, 16, 256, mean, {
    intermediateSize: 2304,
    registers: 4,
  }),
  vit_so150m_patch16_reg4_gap_384: of({ hiddenSize: 896, depth: 18, heads: 14 }, 16, 384, mean, {
    intermediateSize: 2304,
    registers: 4,
  }),
  vit_so150m2_patch16_reg1_gap_256: of({ hiddenSize: 832, depth: 21, heads: 13 }, 16, 256, meanBehind, {
    intermediateSize: 2176,
    registers: 1,
    qkvBias: false,
    layerScale: true,
  }),
  vit_so150m2_patch16_reg1_gap_384: of({ hiddenSize: 832, depth: 21, heads: 13 }, 16, 384, meanBehind, {
    intermediateSize: 2176,
    registers: 1,
    qkvBias: false,
    layerScale: true,
  }),
  vit_so150m2_patch16_reg1_gap_448: of({ hiddenSize: 832, depth: 21, heads: 13 }, 16, 448, meanBehind, {
    intermediateSize: 2176,
    registers: 1,
    qkvBias: false,
    layerScale: true,
  }),
  vit_intern300m_patch14_448: of(large, 14, 448, dinov2, { finalNorm: "none" }),
  vit_base_patch16_radio_v3: of(base, 16, 512, dinov2, { registers: 7, embedClass: false, finalNorm: "none" }),
  vit_large_patch16_radio_v3: of(large, 16, 512, dinov2, { registers: 7, embedClass: false, finalNorm: "none" }),
  vit_huge_patch16_radio_v3: of(huge, 16, 512, token, {
    registers: 7,
    embedClass: false,
    finalNorm: "none",
    numLabels: 0,
  }),
  vit_so400m_patch16_radio_v4: of(so400m, 16, 512, token, {
    registers: 9,
    embedClass: false,
    finalNorm: "none",
    numLabels: 0,
  }),
  vit_huge_patch16_radio_v4: of(huge, 16, 512, token, {
    registers: 9,
    embedClass: false,
    finalNorm: "none",
    numLabels: 0,
  }),
  deit_tiny_patch16_224: of(tiny, 16, 224),
  deit_small_patch16_224: of(small, 16, 224),
  deit_base_patch16_224: of(base, 16, 224),
  deit_base_patch16_384: of(base, 16, 384),
  deit_tiny_distilled_patch16_224: of(tiny, 16, 224, distilled),
  deit_small_distilled_patch16_224: of(small, 16, 224, distilled),
  deit_base_distilled_patch16_224: of(base, 16, 224, distilled),
  deit_base_distilled_patch16_384: of(base, 16, 384, distilled),
  deit3_small_patch16_224: of(small, 16, 224, deit3),
  deit3_small_patch16_384: of(small, 16, 384, deit3),
  deit3_medium_patch16_224: of(medium, 16, 224, deit3),
  deit3_base_patch16_224: of(base, 16, 224, deit3),
  deit3_base_patch16_384: of(base, 16, 384, deit3),
  deit3_large_patch16_224: of(large, 16, 224, deit3),
  deit3_large_patch16_384: of(large, 16, 384, deit3),
  deit3_huge_patch14_224: of(huge, 14, 224, deit3),
};
