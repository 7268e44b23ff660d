// Naive linear layers, experts and recurrent cells: executed, so that counts and results can both be compared.
import { Counter, indices, matmulLoop, Traced } from "./oracle.js";
import { softmaxRow } from "./oracleAttention.js";

export interface MoeCase {
  tokens: number;
  hiddenSize: number;
  intermediateSize: number;
  experts: number;
  topK: number;
  sharedExperts: number;
  gated: boolean;
}

/**
 * Experts run token by token under the routing given (a list of experts for each token): counts and the experts
 * touched.
 */
export function moeLoop(
  { hiddenSize, intermediateSize, experts, sharedExperts, gated }: MoeCase,
  routing: readonly (readonly number[])[],
): { macs: number; routerMacs: number; flops: number; transcendentals: number; touched: number } {
  const c = new Counter();
  const router = new Counter();
  const touched = new Set<number>();
  const times = (n: number, m: number, input: readonly number[], counter: Counter) =>
    Array.from({ length: n }, () => {
      let s = 0;
      for (let i = 0; i < m; i++) s = counter.mac(s, 0.1, input[i]!);
      return s;
    });
  for (const chosen of routing) {
    const x = Array.from({ length: hiddenSize }, (_, i) => Math.cos(i));
    const gates = softmaxRow(router, times(experts, hiddenSize, x, router));
    const y = new Array<number>(hiddenSize).fill(0);
    for (const expert of [...chosen, ...Array.from({ length: sharedExperts }, (_, i) => experts + i)]) {
      if (expert < experts) touched.add(expert);
      const up = times(intermediateSize, hiddenSize, x, c).map((v) => c.mul(v, c.div(1, c.add(1, c.exp(-v)))));
      const inner = gated ? times(intermediateSize, hiddenSize, x, c).map((v, i) => c.mul(v, up[i]!)) : up;
      times(hiddenSize, intermediateSize, inner, c).forEach((v, i) => {
        y[i] = c.add(y[i]!, c.mul(gates[expert] ?? 1, v));
      });
    }
  }
  return {
    macs: c.macs,
    routerMacs: router.macs,
    flops: c.flops + router.flops,
    transcendentals: c.transcendentals + router.transcendentals,
    touched: touched.size,
  };
}

export interface RecurrentCase {
  batch: number;
  tokens: number;
  inputSize: number;
  hiddenSize: number;
  numLayers: number;
  bias: boolean;
  bidirectional: boolean;
  projSize?: number;
}

/**
 * An LSTM, GRU or plain RNN run step by step with constant weights: multiply-adds, other FLOPs by cause,
 * transcendentals, and the output's width.
 */
export function recurrentLoop(
  kind: "lstm" | "gru" | "rnn",
  s: RecurrentCase,
): { macs: number; flops: number; bias: number; transcendentals: number; width: number } {
  const c = new Counter();
  const biases = new Counter();
  const dense = (out: number, input: readonly number[]): number[] =>
    Array.from({ length: out }, (_, o) => {
      let sum = 0;
      for (const v of input) sum = c.mac(sum, 0.1 + o * 0.01, v);
      return s.bias ? biases.add(sum, 0.2) : sum;
    });
  const plain = (out: number, input: readonly number[]): number[] =>
    Array.from({ length: out }, () => {
      let sum = 0;
      for (const v of input) sum = c.mac(sum, 0.1, v);
      return sum;
    });
  const sigmoid = (v: number) => c.div(1, c.add(1, c.exp(-v)));
  const h = s.hiddenSize;
  let width = 0;
  for (let b = 0; b < s.batch; b++) {
    let sequence = Array.from({ length: s.tokens }, (_, t) =>
      Array.from({ length: s.inputSize }, (_, i) => Math.sin(t + i)),
    );
    for (let layer = 0; layer < s.numLayers; layer++) {
      const sides: number[][][] = [];
      for (let direction = 0; direction < (s.bidirectional ? 2 : 1); direction++) {
        let state = new Array<number>(s.projSize ?? h).fill(0);
        let memory = new Array<number>(h).fill(0);
        sides.push(
          sequence.map((x) => {
            if (kind === "lstm") {
              const wx = dense(4 * h, x);
              const uh = dense(4 * h, state);
              const pre = wx.map((v, i) => c.add(v, uh[i]!));
              const gate = (g: number, j: number) => sigmoid(pre[g * h + j]!);
              memory = memory.map((m, j) => c.add(c.mul(gate(1, j), m), c.mul(gate(0, j), c.tanh(pre[2 * h + j]!))));
              const out = memory.map((m, j) => c.mul(gate(3, j), c.tanh(m)));
              state = s.projSize === undefined ? out : plain(s.projSize, out);
            } else if (kind === "rnn") {
              const wx = dense(h, x);
              const uh = dense(h, state);
              state = wx.map((v, j) => c.tanh(c.add(v, uh[j]!)));
            } else {
              const wx = dense(3 * h, x);
              const uh = dense(3 * h, state);
              state = state.map((old, j) => {
                const r = sigmoid(c.add(wx[j]!, uh[j]!));
                const z = sigmoid(c.add(wx[h + j]!, uh[h + j]!));
                const n = c.tanh(c.add(wx[2 * h + j]!, c.mul(r, uh[2 * h + j]!)));
                return c.add(c.mul(c.sub(1, z), n), c.mul(z, old));
              });
            }
            return [...state];
          }),
        );
      }
      sequence = sequence.map((_, t) => sides.flatMap((side) => side[t]!));
    }
    width = sequence[0]!.length;
  }
  return { macs: c.macs, flops: c.flops, bias: biases.flops, transcendentals: c.transcendentals, width };
}

/** Every way to route `tokens` tokens to `topK` of `experts`: the mean number of distinct experts, by enumeration. */
export function meanDistinctExperts(experts: number, topK: number, tokens: number): number {
  const choices = [...indices(new Array<number>(experts).fill(2))].filter(
    (bits) => bits.reduce((a, b) => a + b, 0) === topK,
  );
  let total = 0;
  let cases = 0;
  for (const pick of indices(new Array<number>(tokens).fill(choices.length))) {
    total += Array.from({ length: experts }, (_, e) => pick.some((p) => choices[p]![e] === 1)).filter(Boolean).length;
    cases++;
  }
  return total / cases;
}

/** Linear layer as the loop y = x Wᵀ, with the weight transposed for the plain product. */
export function linearLoop(
  tokens: number,
  inFeatures: number,
  outFeatures: number,
  bias: boolean,
): { c: Counter; x: Traced; weight: Traced; y: Traced } {
  const c = new Counter();
  const x = new Traced([tokens, inFeatures], 1);
  const weight = new Traced([inFeatures, outFeatures], 2);
  const y = matmulLoop(c, x, weight);
  if (bias) for (const i of indices(y.shape)) y.set(i, c.add(y.values[y.at(i)]!, 1));
  return { c, x, weight, y };
}
