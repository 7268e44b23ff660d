// Recurrent layers and attention nodes; of attention the core, with projections where the node holds them.
import { shown } from "../../../check.js";
import { elementCount, type TensorSpec } from "../../../op.js";
import { attention } from "../../../ops/attention.js";
import { gru, lstm, rnn } from "../../../ops/recurrent.js";
import type { Context, Found, Rule } from "../context.js";
import { sameSizes, Uncountable, valueOf } from "../value.js";
import { product } from "./contraction.js";

/**
 * Layout 0 is [tokens, batch, …]; weights [directions, gates · hidden, input]. Peepholes are an extra of three
 * products a unit and step.
 */
const recurrent: Rule = (c) => {
  const kind = c.node.opType;
  const rows = c.int("layout", 0) === 1;
  const [first, second, inputSize] = c.shape(0) as [number, number, number];
  const [batch, tokens] = rows ? [first, second] : [second, first];
  const [directions, gates, hidden] = c.shape(2) as [number, number, number];
  const wanted = [directions, { LSTM: 4, GRU: 3, RNN: 1 }[kind]! * hidden];
  if (c.shape(0).length !== 3 || directions !== (c.text("direction", "forward") === "bidirectional" ? 2 : 1))
    throw new Uncountable(
      `X must have 3 dimensions, and R a row for each direction, got ${shown([c.shape(0), c.shape(2)])}`,
    );
  if (gates !== wanted[1] || !sameSizes(c.shape(1), [...wanted, inputSize]))
    throw new Uncountable(
      `W and R must be ${shown([...wanted, inputSize])} and ${shown([...wanted, hidden])}, ` +
        `got ${shown(c.shape(1))} and ${shown(c.shape(2))}`,
    );
  const bias = c.has(3);
  const shape = {
    batch,
    tokens,
    inputSize,
    hiddenSize: hidden,
    bias,
    bidirectional: directions === 2,
    dtype: c.dtype(),
    weightDtype: c.dtype(1),
  };
  const nonlinearity = c.texts("activations")?.every((name) => name.toLowerCase() === "relu") ? "relu" : "tanh";
  const op = kind === "LSTM" ? lstm(shape) : kind === "GRU" ? gru(shape) : rnn({ ...shape, nonlinearity });
  const peepholes: Record<string, number> =
    kind === "LSTM" && c.has(7) ? { peephole: 6 * batch * tokens * directions * hidden } : {};
  const y = rows ? [batch, tokens, directions, hidden] : [tokens, directions, batch, hidden];
  const state = valueOf(rows ? [batch, directions, hidden] : [directions, batch, hidden], c.dtype());
  return {
    outputs: [valueOf(y, c.dtype()), state, ...(kind === "LSTM" ? [state] : [])],
    ops: [{ op: { ...op, extras: { ...op.extras, ...peepholes } } }],
    operands: [4],
    unstored: [5, 6],
  };
};

/** Sizes of a query, key or value: [batch, tokens, heads · width] or [batch, heads, tokens, width]. */
function heads(c: Context, i: number, count: number): Heads {
  const s = c.shape(i);
  if (s.length === 4) return { batch: s[0]!, heads: s[1]!, tokens: s[2]!, width: s[3]! };
  if (s.length !== 3 || !count || s[2]! % count !== 0)
    throw new Uncountable(
      `input ${i} must be [batch, tokens, heads · width] with ${count} heads, got [${s.join(", ")}]`,
    );
  return { batch: s[0]!, tokens: s[1]!, heads: count, width: s[2]! / count };
}

interface Heads {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  readonly width: number;
}

/**
 * Query, key and value, which ONNX Runtime also packs: [batch, tokens, (heads + 2 kvHeads) · width] of grouped queries,
 * else [batch, tokens, heads, 3, width], or the last two in [batch, tokens, heads, 2, width].
 */
function separated(c: Context, qHeads: number, kvHeads: number): { q: Heads; k: Heads; v: Heads } {
  const s = c.shape(0);
  if (c.has(1) && c.shape(1).length === 5) {
    const [batch, tokens, count, , width] = c.shape(1) as [number, number, number, number, number];
    const k = { batch, tokens, heads: count, width };
    return { q: heads(c, 0, qHeads), k, v: k };
  }
  if (c.has(1)) {
    const k = heads(c, 1, kvHeads);
    return { q: heads(c, 0, qHeads), k, v: c.has(2) ? heads(c, 2, kvHeads) : k };
  }
  const [batch, tokens] = s as [number, number];
  const width = s.length === 5 ? s[4]! : s.at(-1)! / (qHeads + 2 * kvHeads);
  if (!qHeads || !Number.isInteger(width))
    throw new Uncountable(`input 0 must pack ${qHeads} queries and ${kvHeads} keys and values, got ${shown(s)}`);
  const k = { batch, tokens, heads: kvHeads, width };
  return { q: { ...k, heads: qHeads }, k, v: k };
}

/**
 * The standard's Attention (opset 23) and ONNX Runtime's MultiHeadAttention and GroupQueryAttention: Q, K, V given, a
 * cache before them perhaps.
 */
const core: Rule = (c) => {
  const standard = c.node.domain === "";
  const qHeads = standard ? c.int("q_num_heads", 0) : c.int("num_heads", 0);
  const kvHeads = c.int("kv_num_heads", qHeads);
  const grouped = c.node.opType === "GroupQueryAttention";
  const { q, k, v } = separated(c, qHeads, kvHeads);
  const contribPastAt = grouped ? 3 : 6;
  const pastAt = standard ? 4 : contribPastAt;
  const past = c.has(pastAt) ? c.shape(pastAt) : undefined;
  if (past && past.length !== 4) throw new Uncountable(`the past must have 4 dimensions, got ${past.length}`);
  const context = k.tokens + (past?.[2] ?? 0);
  const causal = standard ? c.int("is_causal", 0) === 1 : grouped || c.int("unidirectional", 0) === 1;
  const op = attention({
    batch: q.batch,
    tokens: q.tokens,
    context,
    heads: q.heads,
    kvHeads: k.heads,
    headDim: q.width,
    vHeadDim: v.width,
    causal,
    dtype: c.dtype(),
  });
  const byHead = c.has(1) && c.shape(0).length === 4;
  const y = byHead ? [q.batch, q.heads, q.tokens, v.width] : [q.batch, q.tokens, q.heads * v.width];
  const biased = !standard && !grouped && c.has(3);
  const projectedSize =
    q.batch * (q.tokens * q.heads * q.width + k.tokens * k.heads * q.width + v.tokens * v.heads * v.width);
  const grouping: Partial<Found> = { operands: [5, 6, 9], unstored: [3, 4, 7, 8, 10] };
  const contributed: Partial<Found> = grouped ? grouping : { operands: [4], unstored: [5, 6, 7] };
  const steering: Partial<Found> = standard ? { operands: [3, 6], unstored: [4, 5] } : contributed;
  const scores = valueOf([q.batch, q.heads, q.tokens, context], c.dtype());
  const present = (width: number) => valueOf([q.batch, k.heads, context, width], c.dtype());
  return {
    outputs: [valueOf(y, c.dtype()), present(q.width), present(v.width), scores],
    ops: [{ op: biased ? { ...op, extras: { ...op.extras, bias: projectedSize } } : op }],
    ...steering,
  };
};

/** ONNX Runtime's Attention holds the projection to Q, K and V: x [batch, tokens, width], W [width, 3 · hidden]. */
export const projectedAttention = (c: Context, pastAt: number): Found => {
  const [batch, tokens] = c.shape(0) as [number, number];
  const { op: projection, shape } = product(c, 0, 1);
  const wide = shape.at(-1)!;
  const count = c.int("num_heads", 0);
  const sizes = c.ints("qkv_hidden_sizes") ?? [wide / 3, wide / 3, wide / 3];
  const past = c.has(pastAt) ? c.shape(pastAt)[3]! : 0;
  if (!count || sizes.some((n) => n % count !== 0))
    throw new Uncountable(`num_heads must divide the hidden sizes [${sizes.join(", ")}], got ${count}`);
  const at = attention({
    batch,
    tokens,
    context: tokens + past,
    heads: count,
    headDim: sizes[0]! / count,
    vHeadDim: sizes[2]! / count,
    causal: c.int("unidirectional", 0) === 1,
    dtype: c.dtype(),
  });
  const y: TensorSpec = { name: c.node.outputs[0]!, shape: [batch, tokens, sizes[2]!], dtype: c.dtype() };
  const qkv: TensorSpec = { name: "qkv", shape, dtype: c.dtype() };
  const stored = [1, 2].flatMap((i) => [...(c.inputs[i]?.stored ?? [])]);
  const bias: Record<string, number> = c.has(2) ? { bias: elementCount(shape) } : {};
  return {
    outputs: [valueOf(y.shape, c.dtype())],
    ownTensors: true,
    ops: [
      { suffix: "qkv", op: { ...projection, weights: stored, outputs: [qkv], extras: bias } },
      { suffix: "attention", op: { ...at, outputs: [y] } },
    ],
  };
};
const projected: Rule = (c) => (c.node.domain === "" ? core(c) : projectedAttention(c, 4));

export const sequence: Readonly<Record<string, Rule>> = {
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
  Attention: projected,
  MultiHeadAttention: core,
  GroupQueryAttention: core,
};
