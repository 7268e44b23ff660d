// The formula of every activation, forward and backward, on numbers that count themselves.
import type { ActivationKind } from "../../lib/index.js";
import type { Counter } from "./oracle.js";

export type Formula = {
  forward: (c: Counter, x: number) => number;
  backward: (c: Counter, x: number, y: number, dy: number) => number;
};
const sigmoid = (c: Counter, x: number) => c.div(1, c.add(1, c.exp(-x)));
const r = Math.sqrt(2 / Math.PI);

/** Each activation and its gradient as a program, so that its operations can be counted and its values checked. */
export const formulas: Record<ActivationKind, Formula> = {
  relu: { forward: (c, x) => c.max(x, 0), backward: (c, _x, y, dy) => (c.less(0, y) ? dy : 0) },
  relu6: {
    forward: (c, x) => c.min(c.max(x, 0), 6),
    backward: (c, _x, y, dy) => {
      const a = c.less(0, y);
      const b = c.less(y, 6);
      return a && b ? dy : 0;
    },
  },
  reluSquared: {
    forward: (c, x) => {
      const y = c.max(x, 0);
      return c.mul(y, y);
    },
    backward: (c, x, _y, dy) => c.mul(dy, c.mul(2, c.max(x, 0))),
  },
  leakyRelu: {
    forward: (c, x) => {
      const s = c.mul(x, 0.01);
      return c.less(x, 0) ? s : x;
    },
    backward: (c, x, _y, dy) => {
      const s = c.mul(dy, 0.01);
      return c.less(x, 0) ? s : dy;
    },
  },
  sigmoid: { forward: sigmoid, backward: (c, _x, y, dy) => c.mul(c.mul(dy, y), c.sub(1, y)) },
  tanh: { forward: (c, x) => c.tanh(x), backward: (c, _x, y, dy) => c.mul(dy, c.sub(1, c.mul(y, y))) },
  silu: {
    forward: (c, x) => c.mul(x, sigmoid(c, x)),
    backward: (c, x, _y, dy) => {
      const s = sigmoid(c, x);
      return c.mul(dy, c.mul(s, c.add(1, c.mul(x, c.sub(1, s)))));
    },
  },
  gelu: {
    forward: (c, x) => c.mul(c.mul(0.5, x), c.add(1, c.erf(c.mul(x, Math.SQRT1_2)))),
    backward: (c, x, _y, dy) => {
      const cdf = c.mul(0.5, c.add(1, c.erf(c.mul(x, Math.SQRT1_2))));
      const pdf = c.mul(1 / Math.sqrt(2 * Math.PI), c.exp(c.mul(-0.5, c.mul(x, x))));
      return c.mul(dy, c.add(cdf, c.mul(x, pdf)));
    },
  },
  geluTanh: {
    forward: (c, x) => c.mul(c.mul(0.5, x), c.add(1, c.tanh(c.mul(x, c.add(r, c.mul(0.044715 * r, c.mul(x, x))))))),
    backward: (c, x, _y, dy) => {
      const x2 = c.mul(x, x);
      const t = c.tanh(c.mul(x, c.add(r, c.mul(0.044715 * r, x2))));
      const inner = c.add(r, c.mul(3 * 0.044715 * r, x2));
      return c.mul(dy, c.add(c.mul(0.5, c.add(1, t)), c.mul(c.mul(c.mul(0.5, x), c.sub(1, c.mul(t, t))), inner)));
    },
  },
  quickGelu: {
    forward: (c, x) => c.mul(x, sigmoid(c, c.mul(1.702, x))),
    backward: (c, x, _y, dy) => {
      const u = c.mul(1.702, x);
      const s = sigmoid(c, u);
      return c.mul(dy, c.mul(s, c.add(1, c.mul(u, c.sub(1, s)))));
    },
  },
  hardsigmoid: {
    forward: (c, x) => c.div(c.min(c.max(c.add(x, 3), 0), 6), 6),
    backward: (c, x, _y, dy) => {
      const a = c.less(-3, x);
      const b = c.less(x, 3);
      const d = c.div(dy, 6);
      return a && b ? d : 0;
    },
  },
  hardswish: {
    forward: (c, x) => c.mul(x, c.div(c.min(c.max(c.add(x, 3), 0), 6), 6)),
    backward: (c, x, _y, dy) => {
      const low = c.less(x, -3);
      const high = c.less(3, x);
      const d = c.mul(dy, c.add(c.mul(x, 1 / 3), 0.5));
      return low ? 0 : high ? dy : d;
    },
  },
  elu: {
    forward: (c, x) => {
      const e = c.mul(1, c.sub(c.exp(x), 1));
      return c.less(0, x) ? x : e;
    },
    backward: (c, _x, y, dy) => {
      const d = c.mul(dy, c.add(y, 1));
      return c.less(0, y) ? dy : d;
    },
  },
  softplus: { forward: (c, x) => c.log(c.add(1, c.exp(x))), backward: (c, x, _y, dy) => c.mul(dy, sigmoid(c, x)) },
  mish: {
    forward: (c, x) => c.mul(x, c.tanh(c.log(c.add(1, c.exp(x))))),
    backward: (c, x, _y, dy) => {
      const t = c.tanh(c.log(c.add(1, c.exp(x))));
      const s = sigmoid(c, x);
      return c.mul(dy, c.add(t, c.mul(c.mul(x, s), c.sub(1, c.mul(t, t)))));
    },
  },
  xielu: {
    forward: (c, x) => {
      const above = c.mul(0.8, c.mul(x, x));
      const below = c.mul(0.8, c.sub(c.sub(c.exp(c.min(x, -1e-6)), 1), x));
      return c.add(c.less(0, x) ? above : below, c.mul(0.5, x));
    },
    backward: (c, x, _y, dy) => {
      const above = c.mul(1.6, x);
      const below = c.mul(0.8, c.sub(c.exp(c.min(x, -1e-6)), 1));
      return c.mul(dy, c.add(c.less(0, x) ? above : below, 0.5));
    },
  },
};
