// Naive attention and latent attention: executed, so that counts and results can both be compared.
import { Counter, Traced } from "./oracle.js";

export interface MaskCase {
  tokens: number;
  context: number;
  causal: boolean;
  window?: number;
}

/** Whether query i sees key j: by the definition, one pair at a time. */
export function sees({ tokens, context, causal, window }: MaskCase, i: number, j: number): boolean {
  const position = context - tokens + i;
  if (causal && j > position) return false;
  return window === undefined || Math.abs(position - j) < window;
}

/** Softmax of a row, 5 operations an element. */
export function softmaxRow(c: Counter, row: readonly number[]): number[] {
  const top = row.reduce((a, b) => c.max(a, b), -Infinity);
  const exps = row.map((x) => c.exp(c.sub(x, top)));
  const total = exps.reduce((a, b) => c.add(a, b), 0);
  return exps.map((e) => c.div(e, total));
}

export interface AttentionTrace {
  exactMacs: number;
  macs: number;
  flops: number;
  transcendentals: number;
  k: Traced;
  v: Traced;
  q: Traced;
  y: number[][][][];
}

/**
 * softmax(Q Kᵀ) V head by head. Scores are computed for all pairs (what a dense kernel does) and those that the mask
 * admits are counted apart.
 */
export function attentionLoop(
  m: MaskCase,
  {
    batch,
    heads,
    kvHeads,
    headDim,
    vHeadDim,
  }: { batch: number; heads: number; kvHeads: number; headDim: number; vHeadDim: number },
): AttentionTrace {
  const c = new Counter();
  const seen = new Counter();
  const q = new Traced([batch, heads, m.tokens, headDim], 1);
  const k = new Traced([batch, kvHeads, m.context, headDim], 2);
  const v = new Traced([batch, kvHeads, m.context, vHeadDim], 3);
  const y: number[][][][] = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: heads }, (_, h) =>
      Array.from({ length: m.tokens }, (_, i) => {
        const g = Math.floor(h / (heads / kvHeads));
        const scores = Array.from({ length: m.context }, (_, j) => {
          const visible = sees(m, i, j);
          let s = 0;
          for (let d = 0; d < headDim; d++) {
            // A masked score is worked out by a dense kernel but its key need not be fetched by an exact one: touched
            // only when seen.
            const key = visible ? k.get(b, g, j, d) : k.values[k.at([b, g, j, d])]!;
            s = c.mac(s, q.get(b, h, i, d), key);
            if (visible) seen.macs++;
          }
          return visible ? s : -Infinity;
        });
        const p = softmaxRow(c, scores);
        return Array.from({ length: vHeadDim }, (_, d) => {
          let sum = 0;
          for (let j = 0; j < m.context; j++) {
            const visible = sees(m, i, j);
            sum = c.mac(sum, p[j]!, visible ? v.get(b, g, j, d) : 0);
            if (visible) seen.macs++;
          }
          return sum;
        });
      }),
    ),
  );
  return { macs: c.macs, exactMacs: seen.macs, flops: c.flops, transcendentals: c.transcendentals, q, k, v, y };
}

export interface MlaCase {
  tokens: number;
  context: number;
  hiddenSize: number;
  heads: number;
  qLoraRank: number | null;
  kvLoraRank: number;
  nope: number;
  rope: number;
  v: number;
}

/**
 * One sequence through an MLA core in both forms from the same latents: multiply-adds of each and the outputs, which
 * must agree. Queries are given; rotation is left out (it changes no count).
 */
export function mlaLoop({ tokens, context, heads, kvLoraRank, nope, rope, v }: MlaCase): {
  expanded: number;
  absorbed: number;
  kvB: number;
  difference: number;
} {
  const latent = new Traced([context, kvLoraRank], 4);
  const kRope = new Traced([context, rope], 5);
  const q = new Traced([tokens, heads, nope + rope], 6);
  const uk = new Traced([heads, nope, kvLoraRank], 7);
  const uv = new Traced([heads, v, kvLoraRank], 8);
  const expand = new Counter();
  const core = new Counter();
  const absorb = new Counter();
  const compact = new Counter();
  let difference = 0;
  for (let h = 0; h < heads; h++) {
    const up = (w: Traced, rows: number) =>
      Array.from({ length: context }, (_, j) =>
        Array.from({ length: rows }, (_, d) => {
          let s = 0;
          // Positions before the new ones were expanded when they were new.
          for (let r = 0; r < kvLoraRank; r++)
            s =
              j >= context - tokens
                ? expand.mac(s, w.get(h, d, r), latent.get(j, r))
                : s + w.get(h, d, r) * latent.get(j, r);
          return s;
        }),
      );
    const keys = up(uk, nope);
    const values = up(uv, v);
    for (let i = 0; i < tokens; i++) {
      const scores = keys.map((key, j) => {
        let s = 0;
        for (let d = 0; d < nope; d++) s = core.mac(s, q.get(i, h, d), key[d]!);
        for (let d = 0; d < rope; d++) s = core.mac(s, q.get(i, h, nope + d), kRope.get(j, d));
        return s;
      });
      const p = softmaxRow(new Counter(), scores);
      const y = Array.from({ length: v }, (_, d) => {
        let s = 0;
        for (let j = 0; j < context; j++) s = core.mac(s, p[j]!, values[j]![d]!);
        return s;
      });

      const query = Array.from({ length: kvLoraRank }, (_, r) => {
        let s = 0;
        for (let d = 0; d < nope; d++) s = absorb.mac(s, q.get(i, h, d), uk.get(h, d, r));
        return s;
      });
      const scores2 = Array.from({ length: context }, (_, j) => {
        let s = 0;
        for (let r = 0; r < kvLoraRank; r++) s = compact.mac(s, query[r]!, latent.get(j, r));
        for (let d = 0; d < rope; d++) s = compact.mac(s, q.get(i, h, nope + d), kRope.get(j, d));
        return s;
      });
      const p2 = softmaxRow(new Counter(), scores2);
      const mixed = Array.from({ length: kvLoraRank }, (_, r) => {
        let s = 0;
        for (let j = 0; j < context; j++) s = compact.mac(s, p2[j]!, latent.get(j, r));
        return s;
      });
      y.forEach((value, d) => {
        let s = 0;
        for (let r = 0; r < kvLoraRank; r++) s = absorb.mac(s, mixed[r]!, uv.get(h, d, r));
        difference = Math.max(difference, Math.abs(s - value));
      });
    }
  }
  if (expand.macs !== absorb.macs)
    throw new Error(`oracle: the latent's matrix costs ${expand.macs} expanded and ${absorb.macs} absorbed`);
  return { expanded: core.macs, absorbed: compact.macs, kvB: expand.macs, difference };
}
