// Backward passes of recurrent layers, executed and held against differences, so that what they are said to cost is
// what a correct gradient costs.
import { describe, expect, it } from "vitest";
import { backward, rwkvTimeMix, selectiveScan, tokenShift, type Op } from "../../lib/index.js";
import { wkvStep } from "./oracleDelta.js";
import { Machine, range, value, zeros } from "./oracleStateSpace.js";

const extra = (op: Op): number => Object.values(op.extras).reduce((a, b) => a + b, 0);
const slope = (f: (e: number) => number): number => (f(1e-6) - f(-1e-6)) / 2e-6;

describe("selectiveScan.backward", () => {
  const [tokens, channels, stateSize] = [4, 2, 3];
  type Inputs = Record<"x" | "delta" | "B" | "C" | "aLog", number[][]> & { d: number[] };
  const inputs: Inputs = {
    x: zeros(tokens, channels).map((row, t) => row.map((_, d) => value(1, t, d))),
    delta: zeros(tokens, channels).map((row, t) => row.map((_, d) => value(2, t, d))),
    B: zeros(tokens, stateSize).map((row, t) => row.map((_, n) => value(3, t, n))),
    C: zeros(tokens, stateSize).map((row, t) => row.map((_, n) => value(4, t, n))),
    aLog: zeros(channels, stateSize).map((row, d) => row.map((_, n) => value(5, d, n))),
    d: range(channels).map((d) => value(6, d)),
  };
  const dy = (t: number, d: number): number => value(7, t, d);

  /** Σ dy y, run plainly. */
  function loss({ x, delta, B, C, aLog, d: skip }: Inputs): number {
    const h = zeros(channels, stateSize);
    let sum = 0;
    for (const t of range(tokens))
      for (const d of range(channels)) {
        const step = Math.log(1 + Math.exp(delta[t]![d]!));
        for (const n of range(stateSize)) {
          h[d]![n] = Math.exp(-Math.exp(aLog[d]![n]!) * step) * h[d]![n]! + step * x[t]![d]! * B[t]![n]!;
          sum += dy(t, d) * C[t]![n]! * h[d]![n]!;
        }
        sum += dy(t, d) * skip[d]! * x[t]![d]!;
      }
    return sum;
  }

  /** The gradient with the states computed again, then backwards; counted. */
  function gradient({ x, delta, B, C, aLog, d: skip }: Inputs, m: Machine) {
    const a = aLog.map((row) => row.map((e) => -m.exp(e)));
    const made: Record<"dx" | "ddelta" | "dB" | "dC" | "daLog", number[][]> = {
      dx: zeros(tokens, channels),
      ddelta: zeros(tokens, channels),
      dB: zeros(tokens, stateSize),
      dC: zeros(tokens, stateSize),
      daLog: zeros(channels, stateSize),
    };
    const dD = new Array<number>(channels).fill(0);
    for (const d of range(channels)) {
      const states = [new Array<number>(stateSize).fill(0)];
      const kept: { step: number; slope: number; dx: number; decay: number[] }[] = [];
      for (const t of range(tokens)) {
        const e = m.exp(delta[t]![d]!);
        const one = m.add(1, e);
        const step = m.log(one);
        const dx = m.mul(step, x[t]![d]!);
        const decay = a[d]!.map((n) => m.exp(m.mul(step, n)));
        kept.push({ step, slope: m.div(e, one), dx, decay });
        states.push(decay.map((n, i) => m.add(m.mul(n, states[t]![i]!), m.mul(dx, B[t]![i]!))));
      }
      const carried = new Array<number>(stateSize).fill(0);
      for (const t of range(tokens).reverse()) {
        const { step, slope: through, dx, decay } = kept[t]!;
        let [dStep, dDx] = [0, 0];
        for (const n of range(stateSize)) {
          const dh = m.mac(carried[n]!, dy(t, d), C[t]![n]!);
          made.dC[t]![n] = m.mac(made.dC[t]![n]!, dy(t, d), states[t + 1]![n]!);
          const dLog = m.mul(m.mul(dh, states[t]![n]!), decay[n]!);
          made.daLog[d]![n] = m.add(made.daLog[d]![n]!, m.mul(dLog, step));
          dStep = m.add(dStep, m.mul(dLog, a[d]![n]!));
          dDx = m.add(dDx, m.mul(dh, B[t]![n]!));
          made.dB[t]![n] = m.add(made.dB[t]![n]!, m.mul(dh, dx));
          carried[n] = m.mul(dh, decay[n]!);
        }
        made.dx[t]![d] = m.add(m.mul(dDx, step), m.mul(dy(t, d), skip[d]!));
        made.ddelta[t]![d] = m.mul(m.add(dStep, m.mul(dDx, x[t]![d]!)), through);
        dD[d] = m.add(dD[d]!, m.mul(dy(t, d), x[t]![d]!));
      }
    }
    made.daLog = made.daLog.map((row, d) => row.map((e, n) => m.mul(e, a[d]![n]!)));
    return { ...made, dD };
  }

  it("is a gradient, and costs what it does", () => {
    const m = new Machine();
    const made = gradient(inputs, m);
    const pairs = [
      ["x", "dx"],
      ["delta", "ddelta"],
      ["B", "dB"],
      ["C", "dC"],
      ["aLog", "daLog"],
    ] as const;
    for (const [name, of] of pairs)
      made[of].forEach((row, i) =>
        row.forEach((g, j) => {
          const moved = (e: number): Inputs => ({
            ...inputs,
            [name]: inputs[name].map((r, k) => r.map((x, l) => (k === i && l === j ? x + e : x))),
          });
          expect(g).toBeCloseTo(
            slope((e) => loss(moved(e))),
            6,
          );
        }),
      );
    made.dD.forEach((g, i) =>
      expect(g).toBeCloseTo(
        slope((e) => loss({ ...inputs, d: inputs.d.map((x, k) => (k === i ? x + e : x)) })),
        6,
      ),
    );
    const [back] = backward(selectiveScan({ tokens, channels, stateSize }));
    expect([back!.macs, extra(back!), back!.transcendentals]).toEqual([m.macs, m.flops, m.transcendentals]);
  });
});

describe("rwkvTimeMix.backward", () => {
  const tokens = 4;
  type Inputs = { k: number[]; v: number[]; u: number; timeDecay: number };
  const inputs: Inputs = {
    k: range(tokens).map((t) => value(1, t)),
    v: range(tokens).map((t) => value(2, t)),
    u: value(3),
    timeDecay: value(4),
  };
  const dy = (t: number): number => value(5, t);

  function run({ k, v, u, timeDecay }: Inputs) {
    const states = [[0, 0, -1e38]];
    const y = range(tokens).map((t) => {
      const made = wkvStep(new Machine(), states[t]!, k[t]!, v[t]!, u, -Math.exp(timeDecay));
      states.push(made.state);
      return made.y;
    });
    return { y, states, loss: y.reduce((sum, e, t) => sum + dy(t) * e, 0) };
  }

  it("is a gradient, and costs what it does", () => {
    const m = new Machine();
    const { k, v, u } = inputs;
    const { y, states } = run(inputs);
    const w = -m.exp(inputs.timeDecay);
    let [gN, gD, dw, du] = [0, 0, 0, 0];
    const [dk, dv] = [new Array<number>(tokens).fill(0), new Array<number>(tokens).fill(0)];
    for (const t of range(tokens).reverse()) {
      const [n, d, most] = states[t] as [number, number, number];
      const next = states[t + 1]![2]!;
      const now = m.add(k[t]!, u);
      const top = m.max(most, now);
      const [e1, e2] = [m.exp(m.sub(most, top)), m.exp(m.sub(now, top))];
      const [f1, f2] = [m.exp(m.sub(m.add(most, w), next)), m.exp(m.sub(k[t]!, next))];
      const dn = m.div(dy(t), m.add(m.mul(e1, d), e2));
      const dd = -m.mul(dn, y[t]!);
      const dNow = m.mul(m.add(m.mul(dn, v[t]!), dd), e2);
      const dLater = m.mul(m.add(m.mul(gN, v[t]!), gD), f2);
      dk[t] = m.add(dNow, dLater);
      du = m.add(du, dNow);
      dv[t] = m.add(m.mul(dn, e2), m.mul(gN, f2));
      dw = m.add(dw, m.mul(m.add(m.mul(gN, n), m.mul(gD, d)), f1));
      gN = m.add(m.mul(dn, e1), m.mul(gN, f1));
      gD = m.add(m.mul(dd, e1), m.mul(gD, f1));
    }
    const dTimeDecay = m.mul(dw, w);
    const moved = (name: "k" | "v", i: number) => (e: number) =>
      run({ ...inputs, [name]: inputs[name].map((x, j) => (j === i ? x + e : x)) }).loss;
    for (const t of range(tokens)) {
      expect(dk[t]).toBeCloseTo(slope(moved("k", t)), 6);
      expect(dv[t]).toBeCloseTo(slope(moved("v", t)), 6);
    }
    expect(du).toBeCloseTo(
      slope((e) => run({ ...inputs, u: u + e }).loss),
      6,
    );
    expect(dTimeDecay).toBeCloseTo(
      slope((e) => run({ ...inputs, timeDecay: inputs.timeDecay + e }).loss),
      6,
    );
    const [back] = backward(rwkvTimeMix({ tokens, channels: 1 }));
    expect([extra(back!), back!.transcendentals]).toEqual([m.flops, m.transcendentals]);
  });
});

describe("tokenShift.backward", () => {
  it("is a gradient, and costs what it does", () => {
    const [tokens, mixes] = [4, 3];
    const x = range(tokens).map((t) => value(1, t));
    const shares = range(mixes).map((i) => value(2, i));
    const dy = (i: number, t: number): number => value(3, i, t);
    const loss = (row: readonly number[], of: readonly number[]): number =>
      of.reduce(
        (sum, share, i) =>
          sum + range(tokens).reduce((s, t) => s + dy(i, t) * (share * row[t]! + (1 - share) * (row[t - 1] ?? 0)), 0),
        0,
      );
    const m = new Machine();
    const dShares = new Array<number>(mixes).fill(0);
    const dx = new Array<number>(tokens).fill(0);
    let later = 0;
    for (const t of range(tokens).reverse()) {
      const difference = m.sub(x[t]!, x[t - 1] ?? 0);
      let own = later;
      let before: number | undefined;
      for (const i of range(mixes)) {
        dShares[i] = m.add(dShares[i]!, m.mul(dy(i, t), difference));
        const part = m.mul(dy(i, t), shares[i]!);
        own = m.add(own, part);
        const rest = m.sub(dy(i, t), part);
        before = before === undefined ? rest : m.add(before, rest);
      }
      dx[t] = own;
      later = before!;
    }
    const bumped = (row: readonly number[], i: number, e: number) => row.map((v, j) => (j === i ? v + e : v));
    dx.forEach((g, t) =>
      expect(g).toBeCloseTo(
        slope((e) => loss(bumped(x, t, e), shares)),
        8,
      ),
    );
    dShares.forEach((g, i) =>
      expect(g).toBeCloseTo(
        slope((e) => loss(x, bumped(shares, i, e))),
        8,
      ),
    );
    const [back] = backward(tokenShift({ tokens, channels: 1, mixes }));
    expect(extra(back!)).toBe(m.flops);
  });
});
