// Layers of the newer opsets that carry a state from step to step, and attention whose scores a body may change.
import { elementCount } from "../../../op.js";
import { attention } from "../../../ops/attention.js";
import type { Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";
import { elementwiseOp } from "./elementwise.js";

/**
 * A depthwise causal convolution x [batch, channels, length] with weight [channels, 1, k], preceded by the last k - 1
 * places of the step before.
 */
const causalConv: Rule = (c) => {
  const [batch, channels] = c.shape(0);
  const [rows, , k] = c.shape(1);
  if (rows !== channels) throw new Uncountable(`weight must have a row for each of ${channels} channels, got ${rows}`);
  const n = elementCount(c.shape(0));
  const active = c.text("activation", "none") !== "none";
  return {
    outputs: [valueOf(c.shape(0), c.dtype()), valueOf([batch!, channels!, k! - 1], c.dtype())],
    ops: [
      {
        op: {
          ...elementwiseOp("causalConvWithState", "activation", n, active ? 4 : 0, active ? 1 : 0),
          macs: n * k!,
          ...(c.has(2) || active
            ? { extras: { ...(c.has(2) ? { bias: n } : {}), ...(active ? { activation: 4 * n } : {}) } }
            : {}),
        },
      },
    ],
    unstored: [3],
  };
};

/**
 * S += k ⊗ v, o = qᵀ S for each token: d_k · d_v products of a key head for the update, as many of a query head for the
 * output; the delta rule first reads Sᵀ k. A decay is a product of the state.
 */
const linearAttention: Rule = (c) => {
  const [batch, tokens, wide] = c.shape(0);
  const qHeads = c.int("q_num_heads", 0);
  const kvHeads = c.int("kv_num_heads", 0);
  const dk = c.shape(1)[2]! / kvHeads;
  const dv = c.shape(2)[2]! / kvHeads;
  if (!qHeads || !kvHeads || wide !== qHeads * dk)
    throw new Uncountable(`query must have ${qHeads} heads of the key's ${dk}, got ${wide} numbers`);
  const rule = c.text("update_rule", "gated_delta");
  const delta = rule.includes("delta") ? 1 : 0;
  const steps = batch! * tokens!;
  const state = steps * kvHeads * dk * dv;
  const decay: Record<string, number> = rule.startsWith("gated") ? { mul: state } : {};
  return {
    outputs: [valueOf([batch!, tokens!, qHeads * dv], c.dtype()), valueOf([batch!, kvHeads, dk, dv], c.dtype())],
    ops: [
      {
        op: {
          ...elementwiseOp("linearAttention", "", 1, 0),
          macs: state * (1 + delta) + steps * qHeads * dk * dv,
          extras: { ...decay, scale: steps * qHeads * dv, ...(delta ? { sub: 2 * steps * kvHeads * dv } : {}) },
        },
      },
    ],
    unstored: [3],
  };
};

/** What score_mod and prob_mod do is counted beside it. */
const flexAttention: Rule = (c) => {
  const [batch, heads, tokens, headDim] = c.shape(0) as [number, number, number, number];
  const [, kvHeads, context] = c.shape(1) as [number, number, number, number];
  const vHeadDim = c.shape(2)[3]!;
  const op = attention({ batch, heads, kvHeads, tokens, context, headDim, vHeadDim, causal: false, dtype: c.dtype() });
  return { outputs: [valueOf([batch, heads, tokens, vHeadDim], c.dtype())], ops: [{ op }] };
};

export const stateful: Readonly<Record<string, Rule>> = {
  CausalConvWithState: causalConv,
  LinearAttention: linearAttention,
  FlexAttention: flexAttention,
};
