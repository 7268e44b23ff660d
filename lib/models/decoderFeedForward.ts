// The feed-forward half of a decoder layer: dense, gated or not, or routed experts.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { activation, add, linear, moe, mul, type PrecisionOptions } from "../ops/index.js";
import { project, subNorm, type DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/** x [batch · tokens, hiddenSize] through the feed-forward at `path`. */
export function feedForward(sheet: DecoderSheet, path: string, x: Activation, sparse: boolean, hashed = false) {
  if (!sparse) return dense(sheet, path, x, sheet.config.intermediateSize);
  const { latentSize } = sheet.config.moe!;
  return latentSize === undefined ? experts(sheet, path, x, hashed) : latentExperts(sheet, path, x, latentSize);
}

function dense(sheet: DecoderSheet, path: string, x: Activation, intermediateSize: number): Activation {
  const { put, config, batch, tokens, quantized } = sheet;
  const { hiddenSize, gated, fusedProjections, hiddenAct, mlpBias: bias = false } = config;
  const inner = { shape: [batch * tokens, intermediateSize] };
  const into = (name: string, outFeatures = intermediateSize) =>
    project(sheet, `${path}/${name}`, x, { inFeatures: hiddenSize, outFeatures, bias });
  const mark = hiddenAct === "geluTanh" ? { module: "NewGELUActivation" } : {};
  const activated = (y: Activation) => put(`${path}/activation`, activation(hiddenAct, inner, quantized), [y], mark);
  const down = (y: Activation) => {
    const normed = config.subNorms ? subNorm(sheet, `${path}/sub_norm`, y, intermediateSize) : y;
    return project(sheet, `${path}/down_proj`, normed, { inFeatures: intermediateSize, outFeatures: hiddenSize, bias });
  };
  if (!gated) return down(activated(into("up_proj")));
  const gate = fusedProjections ? into("gate_up_proj", 2 * intermediateSize) : into("gate_proj");
  const up = fusedProjections ? gate : into("up_proj");
  return down(put(`${path}/gate`, mul(inner, quantized), [activated(gate), up]));
}

/** Routed experts, shared experts and router as one op, and the gate of the shared expert. */
function experts(sheet: DecoderSheet, path: string, x: Activation, hashed: boolean): Activation {
  const { put, config, batch, tokens, quantized, unquantized } = sheet;
  const { hiddenSize } = config;
  const rows = batch * tokens;
  const op = hashed ? lookedUp(config, rows, quantized) : expertsOp(config, hiddenSize, rows, quantized);
  const fed = put(`${path}/experts`, op, [x]);
  if (!config.moe!.sharedExpertGate) return fed;
  const matrix = linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: 1 }, unquantized);
  const sigmoid = activation("sigmoid", { shape: [rows, 1] }, unquantized);
  const gate = put(`${path}/shared_gate_sigmoid`, sigmoid, [put(`${path}/shared_gate`, matrix, [x])]);
  const scaled = mul({ shape: [rows, hiddenSize], other: [rows, 1] }, unquantized);
  return put(`${path}/shared_gate_mul`, scaled, [fed, gate]);
}

/** Router and shared experts on the stream, the routed experts on a narrower one between two matrices. */
function latentExperts(sheet: DecoderSheet, path: string, x: Activation, latentSize: number): Activation {
  const { put, config, batch, tokens, quantized, unquantized } = sheet;
  const { hiddenSize, moe: experts } = config;
  const { numExperts, moeIntermediateSize, numSharedExperts = 0 } = experts!;
  const rows = batch * tokens;
  const router = linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: numExperts }, unquantized);
  const sigmoid = activation("sigmoid", { shape: [rows, numExperts] }, unquantized);
  const scores = put(`${path}/router_sigmoid`, sigmoid, [put(`${path}/router`, router, [x])]);
  const low = project(sheet, `${path}/latent_down_proj`, x, { inFeatures: hiddenSize, outFeatures: latentSize });
  const alone = { ...config, moe: { ...experts!, numSharedExperts: 0 } };
  const op = expertsOp(alone, latentSize, rows, quantized, false);
  const fed = put(`${path}/experts`, op, [low, scores]);
  const y = project(sheet, `${path}/latent_up_proj`, fed, { inFeatures: latentSize, outFeatures: hiddenSize });
  if (numSharedExperts === 0) return y;
  const width = numSharedExperts * (experts!.sharedExpertIntermediateSize ?? moeIntermediateSize);
  const sum = add({ shape: [rows, hiddenSize] }, { dtype: unquantized.dtype });
  return put(`${path}/add_shared`, sum, [y, dense(sheet, `${path}/shared_experts`, x, width)]);
}

function expertsOp(
  config: DecoderSheet["config"],
  hiddenSize: number,
  tokens: number,
  p: PrecisionOptions,
  router = true,
): Op {
  const { hiddenAct, gated, mlpBias = false, moe: experts } = config;
  const { moeIntermediateSize, routerBias = false, numSharedExperts = 0 } = experts!;
  const op = moe(
    {
      tokens,
      hiddenSize,
      intermediateSize: moeIntermediateSize,
      experts: experts!.numExperts,
      topK: experts!.numExpertsPerTok,
      sharedExperts: numSharedExperts,
      sharedIntermediateSize: experts!.sharedExpertIntermediateSize ?? moeIntermediateSize,
      router,
      routerBias: routerBias !== false,
      gated,
      bias: mlpBias && experts!.expertBias === undefined,
      ...(mlpBias && experts!.expertBias === "shared" ? { sharedBias: true } : {}),
      activation: hiddenAct,
    },
    p,
  );
  return routerBias === "parameter" ? withCorrectionAsParameter(op) : op;
}

/** Experts that a table gives for each token, which the router only weighs: integers, no parameters. (DeepSeek-V4) */
function lookedUp(config: DecoderSheet["config"], tokens: number, p: PrecisionOptions): Op {
  const { vocabSize, moe: experts } = config;
  const unbiased = { ...config, moe: { ...experts!, routerBias: false } };
  const op = expertsOp(unbiased, config.hiddenSize, tokens, p);
  const { numExpertsPerTok: topK } = experts!;
  const shape = [vocabSize, topK];
  const table: TensorSpec = { name: "router.table", shape, dtype: "int32", stored: false, elements: tokens * topK };
  return { ...op, weights: [...op.weights, table] };
}

/** `op` with its router's correction among the parameters. */
function withCorrectionAsParameter(op: Op): Op {
  const correction = op.weights.find((w) => w.name === "router.correctionBias")!;
  const parameter = { name: correction.name, shape: correction.shape, dtype: correction.dtype };
  const weights = op.weights.map((w) => (w === correction ? parameter : w));
  return { ...op, weights, activeParams: op.activeParams! + elementCount(parameter.shape) };
}
