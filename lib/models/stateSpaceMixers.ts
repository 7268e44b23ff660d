// What mixes positions without keys and values: Mamba, Mamba-2, the gated short convolution, Gated DeltaNet.
import { gatedDeltaRule, rmsNorm, selectiveScan, ssd } from "../ops/index.js";
import { project } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";
import { convolved, groupedNorm, product, silu, type HybridSheet } from "./stateSpaceSheet.js";

/** in_proj -> convolution -> steps, B and C -> scan, times SiLU(z) -> out_proj. (arXiv 2312.00752) */
export function mambaMixer(sheet: HybridSheet, path: string, x: Activation): Activation {
  const { put, config, batch, tokens, state, unquantized } = sheet;
  const { intermediateSize: channels, stateSize, convKernel, timeStepRank, innerNorms } = sheet.hybrid.mamba!;
  const { useBias: bias = false, useConvBias = true } = sheet.hybrid.mamba!;
  const { hiddenSize } = config;
  const projected = project(sheet, `${path}/in_proj`, x, { inFeatures: hiddenSize, outFeatures: 2 * channels, bias });
  const filter = { channels, kernelSize: convKernel, bias: useConvBias, act: true };
  const u = convolved(sheet, path, projected, filter);
  const three = timeStepRank + 2 * stateSize;
  const told = project(sheet, `${path}/x_proj`, u, { inFeatures: channels, outFeatures: three });
  const normed = (name: string, width: number): Activation => {
    if (innerNorms === undefined) return told;
    const shape = { tokens: batch * tokens, normalizedShape: width, affine: innerNorms === "scaled" };
    return put(`${path}/${name}`, rmsNorm(shape, { dtype: unquantized.dtype }), [told]);
  };
  const low = normed("dt_layernorm", timeStepRank);
  const matrix = { inFeatures: timeStepRank, outFeatures: channels, bias: true };
  const delta = project(sheet, `${path}/dt_proj`, low, matrix);
  const [b, c] = [normed("b_layernorm", stateSize), normed("c_layernorm", stateSize)];
  const scan = selectiveScan({ batch, tokens, channels, stateSize, state }, unquantized);
  const y = put(`${path}/scan`, scan, [u, delta, b, c]);
  const gate = silu(sheet, `${path}/gate_activation`, projected, channels);
  const gated = product(sheet, `${path}/gate`, y, gate, channels);
  return project(sheet, `${path}/out_proj`, gated, { inFeatures: channels, outFeatures: hiddenSize, bias });
}

/** in_proj -> convolution over x, B and C -> SSD, times SiLU(z), norm -> out_proj. (arXiv 2405.21060) */
export function mamba2Mixer(sheet: HybridSheet, path: string, x: Activation): Activation {
  const { put, config, batch, tokens, state, form, unquantized } = sheet;
  const { numHeads: heads, headDim, stateSize, nGroups: groups, convKernel, chunkSize } = sheet.hybrid.mamba2!;
  const { useBias: bias = false, outBias = bias, useConvBias = true, norm = true } = sheet.hybrid.mamba2!;
  const { hiddenSize } = config;
  const width = heads * headDim;
  const channels = width + 2 * groups * stateSize;
  const outFeatures = width + channels + heads;
  const projected = project(sheet, `${path}/in_proj`, x, { inFeatures: hiddenSize, outFeatures, bias });
  const filter = { channels, kernelSize: convKernel, bias: useConvBias, act: true };
  const mixed = convolved(sheet, path, projected, filter);
  const shape = { batch, tokens, heads, headDim, stateSize, groups, chunkSize, form, state };
  const y = put(`${path}/scan`, ssd(shape, unquantized), [mixed, projected]);
  const gate = silu(sheet, `${path}/gate_activation`, projected, width);
  const gated = product(sheet, `${path}/gate`, y, gate, width);
  const normed = norm ? groupedNorm(sheet, `${path}/norm`, gated, { width, groups }) : gated;
  return project(sheet, `${path}/out_proj`, normed, { inFeatures: width, outFeatures: hiddenSize, bias: outBias });
}

/** LFM2: in_proj makes B, C and x; C · convolution(B · x) -> out_proj. */
export function shortConvMixer(sheet: HybridSheet, path: string, x: Activation): Activation {
  const { hiddenSize } = sheet.config;
  const { convKernel, bias = false } = sheet.hybrid.shortConv!;
  const outFeatures = 3 * hiddenSize;
  const projected = project(sheet, `${path}/in_proj`, x, { inFeatures: hiddenSize, outFeatures, bias });
  const before = product(sheet, `${path}/gate_in`, projected, projected, hiddenSize);
  const filter = { channels: hiddenSize, kernelSize: convKernel, bias, act: false };
  const y = convolved(sheet, path, before, filter);
  const gated = product(sheet, `${path}/gate_out`, y, projected, hiddenSize);
  return project(sheet, `${path}/out_proj`, gated, { inFeatures: hiddenSize, outFeatures: hiddenSize, bias });
}

/** Projections -> convolution over q, k and v -> gated delta rule, norm of each head, times SiLU(z) -> out_proj. */
export function gatedDeltaNetMixer(sheet: HybridSheet, path: string, x: Activation): Activation {
  const { put, config, batch, tokens, state, form, unquantized } = sheet;
  const { hiddenSize } = config;
  const sizes = sheet.hybrid.gatedDeltaNet!;
  const { numKeyHeads: keyHeads, numValueHeads: valueHeads, keyHeadDim, valueHeadDim, convKernel } = sizes;
  const values = valueHeads * valueHeadDim;
  const channels = 2 * keyHeads * keyHeadDim + values;
  const into = (name: string, outFeatures: number): Activation =>
    project(sheet, `${path}/${name}`, x, { inFeatures: hiddenSize, outFeatures });
  const projected = into("in_proj_qkvz", channels + values);
  const gates = into("in_proj_ba", 2 * valueHeads);
  const filter = { channels, kernelSize: convKernel, bias: false, act: true };
  const mixed = convolved(sheet, path, projected, filter);
  const shape = { batch, tokens, keyHeads, valueHeads, keyHeadDim, valueHeadDim, form, state };
  const y = put(`${path}/delta`, gatedDeltaRule(shape, unquantized), [mixed, gates]);
  const norm = rmsNorm(
    { tokens: batch * tokens * valueHeads, normalizedShape: valueHeadDim },
    {
      dtype: unquantized.dtype,
    },
  );
  const normed = put(`${path}/norm`, norm, [y]);
  const gate = silu(sheet, `${path}/gate_activation`, projected, values);
  const gated = product(sheet, `${path}/gate`, normed, gate, values);
  return project(sheet, `${path}/out_proj`, gated, { inFeatures: values, outFeatures: hiddenSize });
}
