// Recurrent layers executed: each recurrence step by step, and the chunked forms as matrix products, so that counts and
// results can both be compared.
import { Counter } from "./oracle.js";

/** What a loop did, and what it made. */
export interface Ran {
  macs: number;
  /** Multiply-adds inside the mask, on positions of the text, with states that are not empty. */
  exact: number;
  flops: number;
  transcendentals: number;
  y: number[];
}

export const value = (seed: number, ...index: number[]): number =>
  Math.sin(seed * 91.7 + index.reduce((n, i) => n * 7.13 + i + 1, 0));
export const zeros = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Arithmetic that counts itself, and which of its multiply-adds a perfect kernel would do. */
export class Machine extends Counter {
  exact = 0;
  y: number[] = [];
  macIf = (real: boolean, sum: number, a: number, b: number): number => {
    if (real) this.exact++;
    return this.mac(sum, a, b);
  };
  softplus = (x: number): number => this.log(this.add(1, this.exp(x)));
  sigmoid = (x: number): number => this.div(1, this.add(1, this.exp(-x)));
  get ran(): Ran {
    const { macs, exact, flops, transcendentals, y } = this;
    return { macs, exact, flops, transcendentals, y };
  }
}

interface ShortConvCase {
  batch: number;
  tokens: number;
  channels: number;
  kernelSize: number;
  update?: boolean;
}

/** A convolution padded by kernelSize - 1 zeros at both ends, the surplus cut off; with a state, from it. */
export function shortConvLoop({ batch, tokens, channels, kernelSize, update = false }: ShortConvCase): Ran {
  const m = new Machine();
  for (const b of range(batch))
    for (const ch of range(channels))
      for (const t of range(update ? tokens : tokens + kernelSize - 1)) {
        let sum = 0;
        for (const i of range(kernelSize)) {
          const at = t - i;
          const inText = at >= 0 && at < tokens;
          sum = m.macIf(
            t < tokens && (inText || update),
            sum,
            value(1, ch, i),
            inText || update ? value(2, b, ch, at) : 0,
          );
        }
        if (t < tokens) m.y.push(m.add(sum, value(3, ch)));
      }
  return m.ran;
}

interface ScanCase {
  batch: number;
  tokens: number;
  channels: number;
  stateSize: number;
}

export function selectiveScanLoop({ batch, tokens, channels, stateSize }: ScanCase): Ran {
  const m = new Machine();
  const a = range(channels).map((d) => range(stateSize).map((n) => -m.exp(value(1, d, n))));
  for (const b of range(batch)) {
    const h = zeros(channels, stateSize);
    for (const t of range(tokens))
      for (const d of range(channels)) {
        const x = value(2, b, t, d);
        const delta = m.softplus(value(3, b, t, d));
        const dx = m.mul(delta, x);
        let y = 0;
        for (const n of range(stateSize)) {
          const kept = m.mul(m.exp(m.mul(delta, a[d]![n]!)), h[d]![n]!);
          h[d]![n] = m.add(kept, m.mul(dx, value(4, b, t, n)));
          y = m.macIf(true, y, value(5, b, t, n), h[d]![n]!);
        }
        m.y.push(m.add(y, m.mul(value(6, d), x)));
      }
  }
  return m.ran;
}

export interface SsdCase {
  batch: number;
  tokens: number;
  heads: number;
  headDim: number;
  stateSize: number;
  groups: number;
  chunkSize: number;
  /** Whether the state before is not empty. */
  update?: boolean;
}

const ssdInputs = (s: SsdCase, b: number, h: number) => ({
  x: (t: number, p: number) => value(2, b, t, h, p),
  delta: (t: number) => value(3, b, t, h),
  b: (t: number, n: number) => value(4, b, t, Math.floor((h * s.groups) / s.heads), n),
  c: (t: number, n: number) => value(5, b, t, Math.floor((h * s.groups) / s.heads), n),
  d: value(6, h),
  bias: value(7, h),
  before: (p: number, n: number) => (s.update ? value(8, b, h, p, n) : 0),
});

export function ssdSteps(s: SsdCase): Ran {
  const m = new Machine();
  const decays = range(s.heads).map((h) => -m.exp(value(1, h)));
  for (const b of range(s.batch))
    for (const h of range(s.heads)) {
      const input = ssdInputs(s, b, h);
      const state = range(s.headDim).map((p) => range(s.stateSize).map((n) => input.before(p, n)));
      for (const t of range(s.tokens)) {
        const delta = m.softplus(m.add(input.delta(t), input.bias));
        const decay = m.exp(m.mul(delta, decays[h]!));
        for (const p of range(s.headDim)) {
          const dx = m.mul(delta, input.x(t, p));
          let y = 0;
          for (const n of range(s.stateSize)) {
            state[p]![n] = m.add(m.mul(decay, state[p]![n]!), m.mul(dx, input.b(t, n)));
            y = m.macIf(true, y, input.c(t, n), state[p]![n]!);
          }
          m.y.push(m.add(y, m.mul(input.d, input.x(t, p))));
        }
      }
    }
  return m.ran;
}

/** As Mamba-2's reference: four products a chunk, and one over all pairs of chunks that carries their states. */
export function ssdChunks(s: SsdCase): Ran {
  const m = new Machine();
  const { tokens, headDim, stateSize, chunkSize: size } = s;
  const count = Math.ceil(tokens / size);
  const decays = range(s.heads).map((h) => -m.exp(value(1, h)));
  const real = (t: number): boolean => t < tokens;
  for (const b of range(s.batch))
    for (const h of range(s.heads)) {
      const input = ssdInputs(s, b, h);
      const at = (f: (t: number, i: number) => number) => (t: number, i: number) => (real(t) ? f(t, i) : 0);
      const [B, C] = [at(input.b), at(input.c)];
      const deltas = range(tokens).map((t) => m.softplus(m.add(input.delta(t), input.bias)));
      const x = range(count * size).map((t) =>
        range(headDim).map((p) => (real(t) ? m.mul(deltas[t]!, input.x(t, p)) : 0)),
      );
      const logs = range(count * size).map((t) => (real(t) ? m.mul(deltas[t]!, decays[h]!) : 0));
      const y = zeros(count * size, headDim);
      const own: number[][][] = [range(headDim).map((p) => range(stateSize).map((n) => input.before(p, n)))];
      const sums: number[][] = [];
      for (const chunk of range(count)) {
        const cumulative: number[] = [];
        for (const l of range(size)) cumulative.push(m.add(cumulative[l - 1] ?? 0, logs[chunk * size + l]!));
        sums.push(cumulative);
        for (const l of range(size))
          for (const k of range(size)) {
            const [t, from] = [chunk * size + l, chunk * size + k];
            const seen = k <= l && real(t);
            let score = 0;
            for (const n of range(stateSize)) score = m.macIf(seen, score, C(t, n), B(from, n));
            const decay = m.exp(k <= l ? m.sub(cumulative[l]!, cumulative[k]!) : m.sub(-Infinity, 0));
            const weight = m.mul(score, decay);
            for (const p of range(headDim)) y[t]![p] = m.macIf(seen, y[t]![p]!, weight, x[from]![p]!);
          }
        const state = zeros(headDim, stateSize);
        for (const l of range(size)) {
          const t = chunk * size + l;
          const decay = m.exp(m.sub(cumulative[size - 1]!, cumulative[l]!));
          for (const n of range(stateSize)) {
            const decayed = m.mul(B(t, n), decay);
            for (const p of range(headDim)) state[p]![n] = m.macIf(real(t), state[p]![n]!, decayed, x[t]![p]!);
          }
        }
        own.push(state);
      }
      const totals = [0];
      for (const chunk of range(count)) totals.push(m.add(totals[chunk]!, sums[chunk]![size - 1]!));
      const states = own.map(() => zeros(headDim, stateSize));
      for (const to of range(count + 1))
        for (const from of range(count + 1)) {
          const decay = m.exp(from <= to ? m.sub(totals[to]!, totals[from]!) : m.sub(-Infinity, 0));
          // A perfect kernel adds each chunk's state to the decayed one before it, where that is not empty.
          const carried = from === to && to > (s.update ? 0 : 1);
          for (const p of range(headDim))
            for (const n of range(stateSize))
              states[to]![p]![n] = m.macIf(carried, states[to]![p]![n]!, decay, own[from]![p]![n]!);
        }
      for (const t of range(count * size)) {
        const chunk = Math.floor(t / size);
        const decay = m.exp(sums[chunk]![t % size]!);
        const held = real(t) && (chunk > 0 || s.update === true);
        for (const p of range(headDim)) {
          let read = 0;
          for (const n of range(stateSize)) read = m.macIf(held, read, C(t, n), states[chunk]![p]![n]!);
          const sum = m.add(y[t]![p]!, m.mul(read, decay));
          if (real(t)) m.y.push(m.add(sum, m.mul(input.d, input.x(t, p))));
        }
      }
    }
  return m.ran;
}
