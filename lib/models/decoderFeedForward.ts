// The feed-forward half of a decoder layer: dense, gated or not, or routed experts.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { activation, linear, moe, mul, type PrecisionOptions } from "../ops/index.js";
import { project, subNorm, type DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/** x [batch · tokens, hiddenSize] through the feed-forward at `path`. */
export const feedForward = (sheet: DecoderSheet, path: string, x: Activation, sparse: boolean, hashed = false) =>
  sparse ? experts(sheet, path, x, hashed) : dense(sheet, path, x);

function dense(sheet: DecoderSheet, path: string, x: Activation): Activation {
  const { put, config, batch, tokens, quantized } = sheet;
  const { hiddenSize, intermediateSize, gated, fusedProjections, hiddenAct, mlpBias: bias = false } = config;
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
  const op = hashed ? lookedUp(config, batch * tokens, quantized) : expertsOp(config, batch * tokens, quantized);
  const fed = put(`${path}/experts`, op, [x]);
  if (!config.moe!.sharedExpertGate) return fed;
  const rows = batch * tokens;
  const matrix = linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: 1 }, unquantized);
  const sigmoid = activation("sigmoid", { shape: [rows, 1] }, unquantized);
  const gate = put(`${path}/shared_gate_sigmoid`, sigmoid, [put(`${path}/shared_gate`, matrix, [x])]);
  const scaled = mul({ shape: [rows, hiddenSize], other: [rows, 1] }, unquantized);
  return put(`${path}/shared_gate_mul`, scaled, [fed, gate]);
}

function expertsOp(config: DecoderSheet["config"], tokens: number, p: PrecisionOptions): Op {
  const { hiddenSize, hiddenAct, gated, mlpBias = false, moe: experts } = config;
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
  const op = expertsOp({ ...config, moe: { ...experts!, routerBias: false } }, tokens, p);
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
