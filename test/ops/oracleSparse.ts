// Naive attention over chosen and compressed positions, and residual streams that mix: one element at a time.
import { formulas } from "./oracleActivation.js";
import { softmaxRow } from "./oracleAttention.js";
import { Counter } from "./oracle.js";

const each = (n: number, act: (i: number) => void): void => {
  for (let i = 0; i < n; i++) act(i);
};
/** Any numbers that differ. */
const some = (...at: number[]): number => Math.sin(at.reduce((n, i) => 7 * n + i + 1, 3));

export interface IndexCase {
  tokens: number;
  context: number;
  heads: number;
  headDim: number;
  stride: number;
  elementwiseSum: boolean;
}

/** Scores of every key, and multiply-adds of those that are complete before the query apart. */
export function indexScoreLoop({ tokens, context, heads, headDim, stride, elementwiseSum }: IndexCase) {
  const c = new Counter();
  const seen = new Counter();
  const keys = Math.floor(context / stride);
  each(tokens, (t) => {
    const position = context - tokens + t;
    each(keys, (j) => {
      const visible = (j + 1) * stride <= position + 1;
      let score = 0;
      each(heads, (h) => {
        let s = 0;
        each(headDim, (d) => {
          s = c.mac(s, some(t, h, d), some(j, d));
          if (visible) seen.macs++;
        });
        const bent = c.max(0, s);
        if (elementwiseSum) score = c.add(score, c.mul(bent, some(t, h)));
        else {
          score = c.mac(score, bent, some(t, h));
          if (visible) seen.macs++;
        }
      });
    });
  });
  return { macs: c.macs, exactMacs: seen.macs, flops: c.flops };
}

/** Pairs that queries read: of the positions in sight the last `window`, of the entries before each at most `topk`. */
export function readPairs({
  tokens,
  context,
  window = context,
  rate,
  topk = Infinity,
}: {
  tokens: number;
  context: number;
  window?: number;
  rate?: number;
  topk?: number;
}): number {
  let pairs = 0;
  each(tokens, (t) => {
    const position = context - tokens + t;
    each(context, (j) => {
      if (j <= position && position - j < window) pairs++;
    });
    let read = 0;
    each(rate === undefined ? 0 : Math.floor(context / rate), (j) => {
      if ((j + 1) * rate! <= position + 1 && read < topk) read++;
    });
    pairs += read;
  });
  return pairs;
}

/** Dense products and softmax over positions and entries. */
export function compressedAttentionLoop(shape: { tokens: number; heads: number; headDim: number; rate: number }) {
  const { tokens, heads, headDim, rate } = shape;
  const c = new Counter();
  const keys = tokens + Math.floor(tokens / rate);
  each(heads * tokens, (row) => {
    const scores = Array.from({ length: keys }, (_, j) => {
      let s = 0;
      each(headDim, (d) => {
        s = c.mac(s, some(row, d), some(j, d));
      });
      return s;
    });
    const p = softmaxRow(c, scores);
    each(headDim, (d) => {
      let y = 0;
      each(keys, (j) => {
        y = c.mac(y, p[j]!, some(j, d));
      });
    });
  });
  return { macs: c.macs, flops: c.flops };
}

/** Each window's keys summed by a softmax over its slots, feature by feature, then normed and turned. */
export function compressLoop(shape: { windows: number; rate: number; features: number; rotaryDim: number }) {
  const { windows, rate, features, rotaryDim } = shape;
  const c = new Counter();
  each(windows, (w) => {
    each(features, (d) => {
      const p = softmaxRow(
        c,
        Array.from({ length: 2 * rate }, (_, j) => c.add(some(w, j, d), some(j, d))),
      );
      let y = 0;
      p.forEach((share, j) => {
        y = c.add(y, c.mul(share, some(w, j, d)));
      });
      // The norm: square, normalize, scale; the row's root is neglected.
      c.add(0, c.mul(y, y));
      c.mul(c.mul(y, 1), 1);
    });
    each(rotaryDim, (d) => c.add(c.mul(some(w, d), 0.5), c.mul(some(w, d), 0.5)));
  });
  return { macs: c.macs, flops: c.flops };
}

interface Streams {
  tokens: number;
  streams: number;
  hiddenSize: number;
}

/** Coefficients from the normed streams, the mixing matrix made doubly stochastic, and what the block reads. */
export function hyperConnectionLoop({ tokens, streams, hiddenSize, rounds }: Streams & { rounds: number }) {
  const c = new Counter();
  const sigmoid = (x: number): number => formulas.sigmoid.forward(c, x);
  let unevenness = 0;
  each(tokens, (t) => {
    const width = streams * hiddenSize;
    const x = Array.from({ length: width }, (_, i) => c.mul(some(t, i), 1));
    x.forEach((v) => c.add(0, c.mul(v, v)));
    const coefficient = (k: number): number => {
      let s = 0;
      x.forEach((v, i) => {
        s = c.mac(s, v, some(k, i));
      });
      return c.add(c.mul(s, 0.5), some(k));
    };
    const pre = Array.from({ length: streams }, (_, k) => c.add(sigmoid(coefficient(k)), 1e-6));
    each(streams, (k) => c.mul(2, sigmoid(coefficient(streams + k))));
    let comb = Array.from({ length: streams }, (_, j) =>
      softmaxRow(
        c,
        Array.from({ length: streams }, (_, k) => coefficient(2 * streams + j * streams + k)),
      ).map((v) => c.add(v, 1e-6)),
    );
    const byColumn = (): void => {
      const sums = comb[0]!.map((_, k) => comb.reduce((n, row) => c.add(n, row[k]!), 0));
      comb = comb.map((row) => row.map((v, k) => c.div(v, sums[k]!)));
    };
    const byRow = (): void => {
      comb = comb.map((row) => {
        const sum = row.reduce((n, v) => c.add(n, v), 0);
        return row.map((v) => c.div(v, sum));
      });
    };
    byColumn();
    each(rounds - 1, () => {
      byRow();
      byColumn();
    });
    unevenness = Math.max(...comb.map((row) => Math.abs(row.reduce((n, v) => n + v, 0) - 1)));
    each(hiddenSize, (d) => {
      let y = 0;
      each(streams, (s) => {
        y = c.add(y, c.mul(pre[s]!, x[s * hiddenSize + d]!));
      });
    });
  });
  return { macs: c.macs, flops: c.flops, unevenness };
}

/** The block's result added to each stream, beside the streams mixed. */
export function streamMixLoop({ tokens, streams, hiddenSize }: Streams) {
  const c = new Counter();
  each(tokens * streams * hiddenSize, (i) => {
    let s = 0;
    each(streams, (j) => {
      s = c.mac(s, some(i, j), some(j));
    });
    c.add(s, c.mul(some(i), 0.5));
  });
  return { macs: c.macs, flops: c.flops };
}
