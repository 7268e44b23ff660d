import { describe, expect, it } from "vitest";
import { backward, activation, activationKinds, cost, gelu, geluTanh, relu, silu } from "../../lib/index.js";
import { Counter } from "./oracle.js";
import { formulas } from "./oracleActivation.js";

describe("activations", () => {
  it.each(activationKinds)(
    "%s counts the operations of its formula, forward and backward, and the backward formula is its derivative",
    (kind) => {
      const { forward, backward: gradient } = formulas[kind];
      const op = activation(kind, { shape: [30] });
      const [back] = backward(op);
      const f = new Counter();
      const b = new Counter();
      for (let i = 0; i < 30; i++) {
        const x = -4.03 + i * 0.29;
        const y = forward(f, x);
        const h = 1e-6;
        const free = new Counter();
        const slope = (forward(free, x + h) - forward(free, x - h)) / (2 * h);
        expect(gradient(b, x, y, 1.5)).toBeCloseTo(1.5 * slope, 5);
      }
      expect([op.extras["activation"], op.transcendentals]).toEqual([f.flops, f.transcendentals]);
      expect([back!.extras["activation"], back!.transcendentals]).toEqual([b.flops, b.transcendentals]);
      expect(op.macs).toBe(0);
    },
  );

  it("relu, gelu and silu read one tensor and write one of the same shape", () => {
    for (const op of [
      relu({ shape: [1, 64, 56, 56] }),
      gelu({ shape: [1, 64, 56, 56] }),
      silu({ shape: [1, 64, 56, 56] }),
    ]) {
      expect(op.outputs[0]!.shape).toEqual([1, 64, 56, 56]);
      expect(cost(op)).toMatchObject({ bytesRead: 802_816, bytesWritten: 802_816, params: 0 });
    }
    expect(cost(relu({ shape: [1, 64, 56, 56] })).flops).toBe(200_704); // one a element
  });

  it("activation(name) refuses an unknown name and lists the known ones", () => {
    expect(() => activation("geglu" as never, { shape: [1] })).toThrow(
      /^activation: activation must be one of relu, .*, got "geglu"$/,
    );
  });
});

it('gelu({ approximate: "tanh" }) is geluTanh, "none" the exact one', () => {
  expect(cost(gelu({ shape: [2, 3], approximate: "tanh", dtype: "bf16" }))).toEqual(
    cost(geluTanh({ shape: [2, 3], dtype: "bf16" })),
  );
  expect(gelu({ shape: [2, 3] }, { dtype: "bf16" }).kind).toBe("gelu");
  expect(cost(gelu({ shape: [2, 3], approximate: "none" }))).toEqual(cost(gelu({ shape: [2, 3] })));
});
