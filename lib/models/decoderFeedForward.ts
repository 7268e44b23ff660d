// The feed-forward half of a decoder layer: dense, gated or not, or routed experts.
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { activation, add, linear, moe, mul, rmsNorm, softmax, type PrecisionOptions } from "../ops/index.js";
import { norm, project, subNorm, type DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/** Which feed-forward a layer has. */
interface FeedForwardKind {
  /** Routed experts. */
  sparse: boolean;
  /** Whether experts are looked up by the token; default false. */
  hashed?: boolean;
  /** Whether the gate has a threshold; default false. */
  threshold?: boolean;
}

/** x [batch · tokens, hiddenSize] through the feed-forward at `path`. */
export function feedForward(sheet: DecoderSheet, path: string, x: Activation, kind: FeedForwardKind): Activation {
  const { sparse, hashed = false, threshold = false } = kind;
  const { intermediateSize, moe: experted } = sheet.config;
  if (!sparse) return dense(sheet, path, x, { intermediateSize, threshold });
  const { latentSize } = experted!;
  return latentSize === undefined ? experts(sheet, path, x, hashed) : latentExperts(sheet, path, x, latentSize);
}

/** A dense feed-forward: its width, and whether its gate has a threshold. */
interface DenseShape {
  intermediateSize: number;
  threshold?: boolean;
}

function dense(sheet: DecoderSheet, path: string, x: Activation, shape: DenseShape): Activation {
  const { intermediateSize, threshold = false } = shape;
  const { put, config, batch, tokens, quantized } = sheet;
  const { hiddenSize, gated, fusedProjections, hiddenAct, mlpBias: bias = false } = config;
  const inner = { shape: [batch * tokens, intermediateSize] };
  const into = (name: string, outFeatures = intermediateSize) =>
    project(sheet, `${path}/${name}`, x, { inFeatures: hiddenSize, outFeatures, bias });
  const mark = hiddenAct === "geluTanh" ? { module: "NewGELUActivation" } : {};
  const kept = (y: Activation) =>
    threshold ? put(`${path}/threshold`, aboveThreshold(inner.shape, quantized), [y]) : y;
  const activated = (y: Activation) =>
    put(`${path}/activation`, withScalars(activation(hiddenAct, inner, quantized)), [kept(y)], mark);
  const down = (y: Activation) => {
    const normed = config.subNorms ? subNorm(sheet, `${path}/sub_norm`, y, intermediateSize) : y;
    return project(sheet, `${path}/down_proj`, normed, { inFeatures: intermediateSize, outFeatures: hiddenSize, bias });
  };
  if (!gated) return down(activated(into("up_proj")));
  const gate = fusedProjections ? into("gate_up_proj", 2 * intermediateSize) : into("gate_proj");
  const up = fusedProjections ? gate : into("up_proj");
  return down(put(`${path}/gate`, mul(inner, quantized), [activated(gate), up]));
}

/** `op` with two learned scalars and two stored ones, where it has any; their gradients are neglected. */
function withScalars(op: Op): Op {
  if (op.kind !== "xielu") return op;
  const { dtype } = op.outputs[0]!;
  const learned = ["alpha_p", "alpha_n"].map((name) => ({ name, shape: [1], dtype }));
  const kept = ["beta", "eps"].map((name) => ({ name, shape: [1], dtype, stored: false }));
  return { ...op, weights: [...learned, ...kept] };
}

/**
 * max(x - t, 0), t a row's mean plus a multiple of its deviation: the ReLU with a mean (1 FLOP an element), a variance
 * (3) and a difference (1). The statistics' gradients are neglected.
 */
function aboveThreshold(shape: readonly number[], p: PrecisionOptions): Op {
  const op = activation("relu", { shape }, p);
  const n = elementCount(shape);
  return { ...op, extras: { ...op.extras, "norm.mean": n, "norm.variance": 3 * n, sub: n } };
}

/**
 * The dense feed-forward of `x` beside experts of `stream`, which has another norm before the experts and one in the
 * router; each result is normed, and both are added.
 */
export function denseAndExperts(sheet: DecoderSheet, path: string, x: Activation, stream: Activation): Activation {
  const { put, config, batch, tokens, quantized, unquantized } = sheet;
  const { hiddenSize, moe: experts } = config;
  const { numExperts, numExpertsPerTok } = experts!;
  const rows = batch * tokens;
  const fed = norm(sheet, `${path}/post_mlp_norm_1`, dense(sheet, `${path}/mlp`, x, config));
  const routed = put(`${path}/router_norm`, rmsNorm({ tokens: rows, normalizedShape: hiddenSize }, unquantized), [
    stream,
  ]);
  const matrix = linear({ tokens: rows, inFeatures: hiddenSize, outFeatures: numExperts }, unquantized);
  const scores = put(`${path}/router`, matrix, [routed]);
  const shares = put(`${path}/router_softmax`, softmax({ shape: [rows, numExperts] }, unquantized), [scores]);
  const chosen = { shape: [rows, numExpertsPerTok], other: [numExpertsPerTok], parameter: true, table: [numExperts] };
  const weights = put(`${path}/router_scale`, mul(chosen, { dtype: unquantized.dtype }), [shares]);
  const input = norm(sheet, `${path}/pre_mlp_norm_2`, stream);
  const op = expertsOp(config, hiddenSize, rows, quantized, false);
  const chosenFed = norm(sheet, `${path}/post_mlp_norm_2`, put(`${path}/experts`, op, [input, weights]));
  return put(`${path}/add_experts`, add({ shape: [rows, hiddenSize] }, unquantized), [fed, chosenFed]);
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
  return put(`${path}/add_shared`, sum, [y, dense(sheet, `${path}/shared_experts`, x, { intermediateSize: width })]);
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
