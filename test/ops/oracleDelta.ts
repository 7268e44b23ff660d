// The gated delta rule and RWKV's recurrences, executed: step by step, and the delta rule also in chunks.
import { Machine, range, value, zeros, type Ran } from "./oracleStateSpace.js";

export interface DeltaCase {
  batch: number;
  tokens: number;
  keyHeads: number;
  valueHeads: number;
  keyHeadDim: number;
  valueHeadDim: number;
  chunkSize: number;
  /** Whether the state before is not empty. */
  update?: boolean;
}

interface Head {
  q: number[][];
  k: number[][];
  v: number[][];
  g: number[];
  beta: number[];
  state: number[][];
}

/** What each value head works on: queries and keys of norm 1, the query scaled; its gates; the state before. */
function headsOf(m: Machine, s: DeltaCase): Head[] {
  const decays = range(s.valueHeads).map((h) => -m.exp(value(1, h)));
  const unit = (x: number[]): number[] => {
    const squares = x.reduce((sum, e) => m.add(sum, m.mul(e, e)), 0);
    m.transcendentals++; // the row's root, which is no FLOP of an element
    return x.map((e) => m.mul(e, 1 / Math.sqrt(squares)));
  };
  return range(s.batch).flatMap((b) => {
    const rows = (seed: number, h: number) =>
      range(s.tokens).map((t) => unit(range(s.keyHeadDim).map((i) => value(seed, b, t, h, i))));
    const keys = range(s.keyHeads).map((h) => rows(3, h));
    const queries = range(s.keyHeads).map((h) => rows(2, h).map((q) => q.map((e) => m.mul(e, s.keyHeadDim ** -0.5))));
    return range(s.valueHeads).map((h) => {
      const of = Math.floor((h * s.keyHeads) / s.valueHeads);
      return {
        q: queries[of]!,
        k: keys[of]!,
        v: range(s.tokens).map((t) => range(s.valueHeadDim).map((i) => value(4, b, t, h, i))),
        beta: range(s.tokens).map((t) => m.sigmoid(value(5, b, t, h))),
        g: range(s.tokens).map((t) => m.mul(decays[h]!, m.softplus(m.add(value(6, b, t, h), value(7, h))))),
        state: range(s.keyHeadDim).map((i) => range(s.valueHeadDim).map((j) => (s.update ? value(8, b, h, i, j) : 0))),
      };
    });
  });
}

export function deltaSteps(s: DeltaCase): Ran {
  const m = new Machine();
  for (const { q, k, v, g, beta, state } of headsOf(m, s))
    for (const t of range(s.tokens)) {
      const decay = m.exp(g[t]!);
      for (const row of state)
        row.forEach((e, j) => {
          row[j] = m.mul(e, decay);
        });
      const said = range(s.valueHeadDim).map((j) =>
        state.reduce((sum, row, i) => m.macIf(true, sum, k[t]![i]!, row[j]!), 0),
      );
      const delta = said.map((e, j) => m.mul(m.sub(v[t]![j]!, e), beta[t]!));
      state.forEach((row, i) =>
        row.forEach((e, j) => {
          row[j] = m.add(e, m.mul(k[t]![i]!, delta[j]!));
        }),
      );
      for (const j of range(s.valueHeadDim))
        m.y.push(state.reduce((sum, row, i) => m.macIf(true, sum, q[t]![i]!, row[j]!), 0));
    }
  return m.ran;
}

/** As the reference: a unit triangular system for each chunk, then the chunks one after another. */
export function deltaChunks(s: DeltaCase): Ran {
  const m = new Machine();
  const { keyHeadDim, valueHeadDim, chunkSize: c, tokens } = s;
  for (const head of headsOf(m, s))
    for (const chunk of range(Math.ceil(tokens / c))) {
      const at = (i: number) => chunk * c + i;
      const real = (i: number) => at(i) < tokens;
      const padded = (x: readonly number[][], width: number) =>
        range(c).map((i) => (real(i) ? x[at(i)]! : new Array<number>(width).fill(0)));
      const [q, k] = [padded(head.q, keyHeadDim), padded(head.k, keyHeadDim)];
      const scaled = (x: number[][], by: number[]) => x.map((row, i) => row.map((e) => m.mul(e, by[i]!)));
      const beta = range(c).map((i) => (real(i) ? head.beta[at(i)]! : 0));
      const cumulative: number[] = [];
      for (const i of range(c)) cumulative.push(m.add(cumulative[i - 1] ?? 0, real(i) ? head.g[at(i)]! : 0));
      const pairwise = range(c).map((i) =>
        range(c).map((j) => m.exp(j <= i ? m.sub(cumulative[i]!, cumulative[j]!) : m.sub(-Infinity, 0))),
      );
      const kBeta = scaled(k, beta);
      const dot = (a: number[], b: number[], seen: boolean) => a.reduce((sum, e, i) => m.macIf(seen, sum, e, b[i]!), 0);
      const product = (x: number[][], seen: (i: number, j: number) => boolean) =>
        range(c).map((i) => range(c).map((j) => m.mul(dot(x[i]!, k[j]!, seen(i, j)), pairwise[i]![j]!)));
      const system = product(kBeta, (i, j) => j < i && real(i));
      const scores = product(q, (i, j) => j <= i && real(i));
      const decays = cumulative.map((e) => m.exp(e));
      const solved = (x: number[][]) => {
        const y = x.map((row) => [...row]);
        for (const i of range(c))
          for (const j of range(i))
            y[i]!.forEach((e, n) => {
              y[i]![n] = m.sub(e, m.mul(system[i]![j]!, y[j]![n]!));
            });
        return y;
      };
      const values = solved(scaled(padded(head.v, valueHeadDim), beta));
      const keys = solved(scaled(kBeta, decays));
      const queries = scaled(q, decays);
      const last = cumulative[c - 1]!;
      const left = scaled(
        k,
        cumulative.map((e) => m.exp(m.sub(last, e))),
      );
      const total = m.exp(last);
      const held = (i: number) => real(i) && (chunk > 0 || s.update === true);
      const read = (x: number[][]) =>
        x.map((row, i) =>
          range(valueHeadDim).map((j) => row.reduce((sum, e, n) => m.macIf(held(i), sum, e, head.state[n]![j]!), 0)),
        );
      const predicted = read(keys);
      const fresh = values.map((row, i) => row.map((e, j) => m.sub(e, predicted[i]![j]!)));
      const before = read(queries);
      for (const i of range(c))
        for (const j of range(valueHeadDim)) {
          const inside = fresh.reduce((sum, row, n) => m.macIf(n <= i && real(i), sum, scores[i]![n]!, row[j]!), 0);
          const y = m.add(before[i]![j]!, inside);
          if (real(i)) m.y.push(y);
        }
      for (const n of range(keyHeadDim))
        for (const j of range(valueHeadDim)) {
          const added = range(c).reduce((sum, i) => m.macIf(real(i), sum, left[i]![n]!, fresh[i]![j]!), 0);
          head.state[n]![j] = m.add(m.mul(head.state[n]![j]!, total), added);
        }
    }
  return m.ran;
}

interface MixCase {
  batch: number;
  tokens: number;
  channels: number;
}

/** One step of one channel: the output, and the sums and largest exponent that go on. */
export function wkvStep(m: Machine, [n, d, most]: readonly number[], k: number, v: number, u: number, w: number) {
  const now = m.add(k, u);
  const top = m.max(most!, now);
  const [e1, e2] = [m.exp(m.sub(most!, top)), m.exp(m.sub(now, top))];
  const y = m.div(m.add(m.mul(e1, n!), m.mul(e2, v)), m.add(m.mul(e1, d!), e2));
  const later = m.add(most!, w);
  const next = m.max(later, k);
  const [f1, f2] = [m.exp(m.sub(later, next)), m.exp(m.sub(k, next))];
  return { y, state: [m.add(m.mul(f1, n!), m.mul(f2, v)), m.add(m.mul(f1, d!), f2), next] };
}

export function wkvLoop({ batch, tokens, channels }: MixCase): Ran {
  const m = new Machine();
  for (const ch of range(channels)) {
    const w = -m.exp(value(1, ch));
    for (const b of range(batch)) {
      let state = [0, 0, -1e38];
      for (const t of range(tokens)) {
        const made = wkvStep(m, state, value(2, b, t, ch), value(3, b, t, ch), value(4, ch), w);
        state = made.state;
        m.y.push(made.y);
      }
    }
  }
  return m.ran;
}

export function tokenShiftLoop({ batch, tokens, channels, mixes }: MixCase & { mixes: number }): Ran {
  const m = new Machine();
  const shares = zeros(mixes, channels).map((row, i) => row.map((_, ch) => value(1, i, ch)));
  for (const row of shares)
    for (const [ch, share] of row.entries()) {
      const rest = m.sub(1, share);
      for (const b of range(batch))
        for (const t of range(tokens)) {
          const before = t === 0 ? 0 : value(2, b, t - 1, ch);
          m.y.push(m.add(m.mul(value(2, b, t, ch), share), m.mul(before, rest)));
        }
    }
  return m.ran;
}
