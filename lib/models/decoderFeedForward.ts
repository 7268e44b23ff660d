// The feed-forward half of a decoder layer: dense, gated or not, or routed experts.
import { parseDType } from "../dtype.js";
import type { Op } from "../op.js";
import { activation, linear, moe, mul, type PrecisionOptions } from "../ops/index.js";
import type { FullConfig } from "./decoderDefaults.js";
import type { Part } from "./decoderParts.js";

/** The ops of a dense feed-forward on `rows` tokens; paths are below "mlp". */
export function denseParts(
  {
    hiddenSize: width,
    intermediateSize: hidden,
    gated,
    fusedProjections: fused = false,
    hiddenAct: kind,
    mlpBias: bias = false,
  }: FullConfig,
  rows: number,
  p: PrecisionOptions,
): Part[] {
  const project = (inFeatures: number, outFeatures: number) =>
    linear({ tokens: rows, inFeatures, outFeatures, bias }, p);
  const inner = { shape: [rows, hidden] };
  const first: Part[] = [];
  if (gated && fused) first.push({ path: "gate_up_proj", op: project(width, 2 * hidden) });
  if (gated && !fused) first.push({ path: "gate_proj", op: project(width, hidden) });
  if (!gated || !fused) first.push({ path: "up_proj", op: project(width, hidden) });
  return [
    ...first,
    { path: "activation", op: activation(kind, inner, p) },
    ...(gated ? [{ path: "gate", op: mul(inner, p) }] : []),
    { path: "down_proj", op: project(hidden, width) },
  ];
}

/** Routed experts, shared experts and router as one op; the router is stored at `ends`. */
export function sparseParts(
  { hiddenSize: width, moe: m, hiddenAct: kind, gated, mlpBias: bias = false }: FullConfig,
  rows: number,
  p: PrecisionOptions,
  ends: PrecisionOptions,
): Part[] {
  const {
    numExperts: experts,
    numExpertsPerTok: topK,
    moeIntermediateSize: hidden,
    numSharedExperts: sharedExperts = 0,
    sharedExpertIntermediateSize: sharedHidden = hidden,
    routerBias = false,
    sharedExpertGate: sharedGate = false,
  } = m!;
  const op = moe(
    {
      tokens: rows,
      hiddenSize: width,
      intermediateSize: hidden,
      experts,
      topK,
      sharedExperts,
      sharedIntermediateSize: sharedHidden,
      routerBias,
      gated,
      bias,
      activation: kind,
    },
    p,
  );
  const gate: Part[] = sharedGate
    ? [
        { path: "shared_gate", op: linear({ tokens: rows, inFeatures: width, outFeatures: 1 }, ends) },
        { path: "shared_gate_sigmoid", op: activation("sigmoid", { shape: [rows, 1] }, ends) },
        { path: "shared_gate_mul", op: mul({ shape: [rows, width], other: [rows, 1] }, ends) },
      ]
    : [];
  return [{ path: "experts", op: p === ends ? op : routerAt(op, ends) }, ...gate];
}

/** `op` with its router at the precision `ends`, without scales. */
function routerAt(op: Op, ends: PrecisionOptions): Op {
  const dtype = parseDType("decoder", ends.weightDtype ?? ends.dtype ?? "fp32");
  const weights = op.weights
    .filter((w) => !(w.name?.startsWith("router") && w.stored === false))
    .map((w) => (w.name === "router.weight" ? { ...w, dtype } : w));
  return { ...op, weights };
}
