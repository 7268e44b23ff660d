// The attention half of a decoder layer: projections, norms of queries and keys, rotary embedding, the core; with
// grouped heads or a latent cache.
import type { Op, TensorSpec } from "../op.js";
import { activation, attention, mul, rope, type PrecisionOptions } from "../ops/index.js";
import { mlaParts } from "../ops/mlaParts.js";
import { dtypeOf, intoCache, kvDtypeOf } from "../ops/precision.js";
import { normedHeads, normedQueries, type Heads } from "./decoderHeadNorms.js";
import { indexed } from "./decoderIndexer.js";
import { project, projection, subNorm, type DecoderSheet } from "./decoderSheet.js";
import type { Activation } from "./sheet.js";

/** What tells the attention of one layer from another's. */
export interface AttentionKind {
  /** Positions in sight; undefined: all. */
  window?: number;
  /** Whether an indexer of the layer's own chooses among them. */
  indexed?: boolean;
  /** Keys and values of another layer, which are read in place of own ones. */
  memory?: readonly Activation[];
}

/** Self-attention of x [batch · tokens, hiddenSize] at `path`. */
export const selfAttention = (
  sheet: DecoderSheet,
  path: string,
  x: Activation,
  kind: AttentionKind = {},
): Activation => (sheet.config.mla ? latentAttention(sheet, path, x, kind) : groupedAttention(sheet, path, x, kind));

function groupedAttention(sheet: DecoderSheet, path: string, x: Activation, kind: AttentionKind): Activation {
  const { window, memory } = kind;
  const { put, config, batch, tokens, context, fusedAttention, quantized } = sheet;
  const { hiddenSize, numAttentionHeads: heads, numKeyValueHeads: kvHeads, headDim, vHeadDim } = config;
  const operands = memory ? [...queries(sheet, path, x), ...memory] : ownOperands(sheet, path, x);
  const core = attention(
    {
      batch,
      tokens,
      context,
      heads,
      kvHeads,
      headDim,
      vHeadDim,
      causal: config.causal ?? true,
      window,
      fused: fusedAttention,
      softcap: config.attnLogitSoftcapping ?? false,
    },
    quantized,
  );
  const width = heads * vHeadDim;
  const out = { inFeatures: width, outFeatures: hiddenSize, bias: config.outBias ?? false };
  const attended = put(`${path}/core`, config.attentionSinks ? withSinks(core, heads) : core, operands);
  const gated = config.attentionGate ? gatedOutput(sheet, path, x, attended) : attended;
  const y = config.subNorms ? subNorm(sheet, `${path}/sub_norm`, gated, width) : gated;
  return project(sheet, `${path}/o_proj`, y, out);
}

function ownOperands(sheet: DecoderSheet, path: string, x: Activation): readonly Activation[] {
  const { fusedProjections, queryKeyNorm } = sheet.config;
  const projected = fusedProjections === true ? fusedHeads(sheet, path, x) : separateHeads(sheet, path, x);
  return rotated(sheet, path, queryKeyNorm ? normedHeads(sheet, path, projected) : projected);
}

/** Queries alone, of a layer that reads another one's keys and values. */
function queries(sheet: DecoderSheet, path: string, x: Activation): readonly Activation[] {
  const { put, config, batch, tokens, quantized } = sheet;
  const { numAttentionHeads: heads, headDim, rotaryDim, hiddenSize, qkvBias: bias = false } = config;
  const projected = project(sheet, `${path}/q_proj`, x, { inFeatures: hiddenSize, outFeatures: heads * headDim, bias });
  const q = config.queryKeyNorm ? normedQueries(sheet, path, projected) : projected;
  if (rotaryDim === 0) return [q];
  const turned = put(`${path}/q_rope`, rope({ tokens: batch * tokens, heads, rotaryDim }, quantized), [q]);
  return rotaryDim === headDim ? [turned] : [q, turned];
}

/**
 * `op` with a learned score of each head. Its part in the softmax is neglected: one more of the context's positions.
 */
function withSinks(op: Op, heads: number): Op {
  const sinks: TensorSpec = { name: "sinks", shape: [heads], dtype: op.outputs[0]!.dtype };
  return { ...op, weights: [...op.weights, sinks] };
}

/** `y` times the sigmoid of a gate that is made from x, one of each head or of each element. */
function gatedOutput(sheet: DecoderSheet, path: string, x: Activation, y: Activation): Activation {
  const { put, config, batch, tokens, quantized } = sheet;
  const { hiddenSize, numAttentionHeads: heads, vHeadDim, attentionGate } = config;
  const rows = batch * tokens;
  const gates = attentionGate === "heads" ? heads : heads * vHeadDim;
  const made = project(sheet, `${path}/g_proj`, x, { inFeatures: hiddenSize, outFeatures: gates });
  const gate = put(`${path}/gate_activation`, activation("sigmoid", { shape: [rows, gates] }, quantized), [made]);
  const shape = { shape: [rows * heads, vHeadDim], other: [rows * heads, attentionGate === "heads" ? 1 : vHeadDim] };
  return put(`${path}/gate`, mul(shape, quantized), [y, gate]);
}

function separateHeads(sheet: DecoderSheet, path: string, x: Activation): Heads {
  const { put, config, quantized } = sheet;
  const { numAttentionHeads, numKeyValueHeads, headDim, vHeadDim, rotaryDim, queryKeyNorm, valueNorm } = config;
  const matrix = (outFeatures: number): Op =>
    projection(sheet, { inFeatures: config.hiddenSize, outFeatures, bias: config.qkvBias ?? false });
  const kv = matrix(numKeyValueHeads * headDim);
  const values = vHeadDim === headDim ? kv : matrix(numKeyValueHeads * vHeadDim);
  // A norm or a rotation writes the keys to the cache, a norm or a constant the values.
  const key = queryKeyNorm || rotaryDim > 0 ? kv : intoCache(kv, quantized);
  const value = valueNorm || config.valueScale ? values : intoCache(values, quantized);
  const q = put(`${path}/q_proj`, matrix(numAttentionHeads * headDim), [x]);
  const k = put(`${path}/k_proj`, key, [x]);
  return [q, k, config.keysAsValues ? k : scaledValues(sheet, path, put(`${path}/v_proj`, value, [x]))];
}

/** Values times a constant, where they are. */
function scaledValues(
  { put, config, batch, tokens, quantized }: DecoderSheet,
  path: string,
  v: Activation,
): Activation {
  if (!config.valueScale) return v;
  const shape = [batch * tokens, config.numKeyValueHeads * config.vHeadDim];
  return put(`${path}/v_scale`, intoCache(mul({ shape, other: [1], constant: true }, quantized), quantized), [v]);
}

function fusedHeads(sheet: DecoderSheet, path: string, x: Activation): Heads {
  const { put, config, quantized } = sheet;
  const { hiddenSize, numAttentionHeads, numKeyValueHeads, headDim, vHeadDim, qkvBias: bias = false } = config;
  const [q, k, v] = [numAttentionHeads * headDim, numKeyValueHeads * headDim, numKeyValueHeads * vHeadDim];
  const op = projection(sheet, { inFeatures: hiddenSize, outFeatures: q + k + v, bias });
  const all = put(`${path}/qkv_proj`, splitOutputs(op, [q, k, v], config.rotaryDim === 0, quantized), [x]);
  return [all, all, all];
}

/**
 * A fused projection's output as its three tensors where keys and values are cached in another format; without a
 * rotation the keys are written here too.
 */
function splitOutputs(op: Op, widths: readonly number[], keysToo: boolean, p: PrecisionOptions): Op {
  if (dtypeOf(p) === kvDtypeOf(p)) return op;
  const y = op.outputs[0]!;
  const names = ["q", "k", "v"];
  const outputs = widths.map((n, i) => ({
    ...y,
    name: names[i]!,
    shape: [y.shape[0]!, n],
    dtype: i === 2 || (i === 1 && keysToo) ? kvDtypeOf(p) : y.dtype,
  }));
  return { ...op, outputs };
}

/** What the core reads: where a part of each head is rotated, that part and the rest. */
function rotated(sheet: DecoderSheet, path: string, [q, k, v]: Heads): readonly Activation[] {
  const { put, config, quantized } = sheet;
  const { numAttentionHeads, numKeyValueHeads, headDim, rotaryDim } = config;
  if (rotaryDim === 0) return [q, k, v];
  const tokens = sheet.batch * sheet.tokens;
  const turnedQ = put(`${path}/q_rope`, rope({ tokens, heads: numAttentionHeads, rotaryDim }, quantized), [q]);
  const turnedK = put(`${path}/k_rope`, rope({ tokens, heads: numKeyValueHeads, rotaryDim, cached: true }, quantized), [
    k,
  ]);
  return rotaryDim === headDim ? [turnedQ, turnedK, v] : [q, turnedQ, k, turnedK, v];
}

/** Multi-head latent attention, op by op; its sums are those of ops/mla. (arXiv 2405.04434) */
function latentAttention(sheet: DecoderSheet, path: string, x: Activation, kind: AttentionKind): Activation {
  const { put, config, batch, tokens, context, fusedAttention, quantized } = sheet;
  const { hiddenSize, numAttentionHeads: heads, qkvBias: bias = false, mla } = config;
  const { qLoraRank = null, ...head } = mla!;
  const form = sheet.absorbed ? ("absorbed" as const) : ("expanded" as const);
  const topk = config.indexer?.indexTopk;
  const workload = { batch, tokens, context, causal: true, fused: fusedAttention, topk };
  const parts = mlaParts({ ...workload, hiddenSize, heads, qLoraRank, ...head, form, bias }, quantized);
  const made = new Map([["x", x]]);
  let last = x;
  for (const { path: name, op, reads } of parts) {
    const operands = reads.map((read) => made.get(read)!);
    if (name === "core" && kind.indexed === true) operands.push(indexed(sheet, path, x, made.get("q_a_norm")!));
    last = put(`${path}/${name}`, op, operands);
    made.set(name, last);
  }
  return last;
}
