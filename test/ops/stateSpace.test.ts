import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backward,
  cost,
  countAs,
  elementCount,
  gatedDeltaRule,
  rwkvTimeMix,
  selectiveScan,
  shortConv,
  ssd,
  tokenShift,
  type Op,
} from "../../lib/index.js";
import { runs, size } from "./arbitrary.js";
import { deltaChunks, deltaSteps, wkvLoop, type DeltaCase } from "./oracleDelta.js";
import {
  selectiveScanLoop,
  shortConvLoop,
  ssdChunks,
  ssdSteps,
  value,
  type Ran,
  type SsdCase,
} from "./oracleStateSpace.js";

const extra = (op: Op): number => Object.values(op.extras).reduce((a, b) => a + b, 0);
const counted = (op: Op) => [op.macs, op.exactMacs ?? op.macs, extra(op), op.transcendentals ?? 0];
const ran = ({ macs, exact, flops, transcendentals }: Ran) => [macs, exact, flops, transcendentals];
const close = (a: readonly number[], b: readonly number[]): void => {
  expect(a.length).toBe(b.length);
  a.forEach((x, i) => expect(x).toBeCloseTo(b[i]!, 9));
};
const bytesOf = (op: Op, which: "inputs" | "outputs", name: string): number | undefined => {
  const tensor = op[which].find((t) => t.name === name);
  return tensor && elementCount(tensor.shape);
};

describe("shortConv", () => {
  it("counts what a padded convolution does, and what falls inside the text", () => {
    const shapes = fc.record({
      batch: size(2),
      tokens: size(6),
      channels: size(3),
      kernelSize: size(4),
      update: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, ({ update, ...shape }) => {
        const op = shortConv({ ...shape, bias: true, state: update ? "update" : "none" });
        expect(counted(op)).toEqual(ran(shortConvLoop({ ...shape, update })));
      }),
      runs,
    );
  });
});

describe("selectiveScan", () => {
  it("counts what the recurrence does, whichever way it starts", () => {
    const shapes = fc.record({ batch: size(2), tokens: size(4), channels: size(3), stateSize: size(4) });
    fc.assert(
      fc.property(shapes, fc.constantFrom("none" as const, "write" as const, "update" as const), (shape, state) => {
        expect(counted(selectiveScan({ ...shape, state }))).toEqual(ran(selectiveScanLoop(shape)));
      }),
      runs,
    );
  });
});

describe("ssd", () => {
  const shapes = fc
    .record({
      batch: size(2),
      tokens: size(7),
      groups: size(2),
      share: size(2),
      headDim: size(3),
      stateSize: size(3),
      chunkSize: size(4),
      update: fc.boolean(),
    })
    .map(({ share, ...s }): SsdCase => ({ ...s, heads: s.groups * share }));

  it("counts its chunks and its steps, which make the same", () => {
    fc.assert(
      fc.property(shapes, ({ update, ...shape }) => {
        const state = update ? "update" : "none";
        const [chunks, steps] = [ssdChunks({ ...shape, update }), ssdSteps({ ...shape, update })];
        expect(counted(ssd({ ...shape, state }))).toEqual(ran(chunks));
        expect(counted(ssd({ ...shape, state, form: "recurrent" }))).toEqual(ran(steps));
        close(chunks.y, steps.y);
      }),
      runs,
    );
  });

  it("as one group of one head is Mamba's scan of its channels in the products that it shares", () => {
    const shape = { batch: 2, tokens: 5, stateSize: 4 };
    const step = ssd({ ...shape, heads: 1, headDim: 3, form: "recurrent" });
    expect(step.macs).toBe(selectiveScan({ ...shape, channels: 3 }).macs);
  });

  it("refuses groups that do not divide the heads", () => {
    expect(() => ssd({ tokens: 2, heads: 4, headDim: 2, stateSize: 2, groups: 3 })).toThrow(
      "ssd: groups must divide heads 4, got 3",
    );
  });
});

describe("gatedDeltaRule", () => {
  const shapes = fc
    .record({
      batch: size(2),
      tokens: size(7),
      keyHeads: size(2),
      share: size(2),
      keyHeadDim: size(3),
      valueHeadDim: size(3),
      chunkSize: size(4),
      update: fc.boolean(),
    })
    .map(({ share, ...s }): DeltaCase => ({ ...s, valueHeads: s.keyHeads * share }));

  it("counts its chunks and its steps, which make the same", () => {
    fc.assert(
      fc.property(shapes, ({ update, ...shape }) => {
        const state = update ? "update" : "none";
        const [chunks, steps] = [deltaChunks({ ...shape, update }), deltaSteps({ ...shape, update })];
        expect(counted(gatedDeltaRule({ ...shape, state }))).toEqual(ran(chunks));
        expect(counted(gatedDeltaRule({ ...shape, state, form: "recurrent" }))).toEqual(ran(steps));
        close(chunks.y, steps.y);
      }),
      runs,
    );
  });
});

describe("rwkvTimeMix", () => {
  it("is the weighted average that it stands for", () => {
    const { y } = wkvLoop({ batch: 1, tokens: 4, channels: 1 });
    const w = Math.exp(value(1, 0));
    const u = value(4, 0);
    close(
      y,
      [0, 1, 2, 3].map((t) => {
        let [n, d] = [0, 0];
        for (let i = 0; i <= t; i++) {
          const e = Math.exp((i === t ? u : -(t - 1 - i) * w) + value(2, 0, i, 0));
          n += e * value(3, 0, i, 0);
          d += e;
        }
        return n / d;
      }),
    );
  });
});

describe("the state", () => {
  const makers = {
    shortConv: (state: "none" | "write" | "update", tokens: number) =>
      shortConv({ batch: 2, tokens, channels: 5, kernelSize: 4, state, dtype: "bf16" }),
    selectiveScan: (state: "none" | "write" | "update", tokens: number) =>
      selectiveScan({ batch: 2, tokens, channels: 5, stateSize: 3, state, dtype: "bf16" }),
    ssd: (state: "none" | "write" | "update", tokens: number) =>
      ssd({ batch: 2, tokens, heads: 5, headDim: 1, stateSize: 3, state, dtype: "bf16" }),
    gatedDeltaRule: (state: "none" | "write" | "update", tokens: number) =>
      gatedDeltaRule({ batch: 2, tokens, keyHeads: 1, keyHeadDim: 5, valueHeadDim: 3, state, dtype: "bf16" }),
    rwkvTimeMix: (state: "none" | "write" | "update", tokens: number) =>
      rwkvTimeMix({ batch: 2, tokens, channels: 5, state, dtype: "bf16" }),
  };

  it.each(Object.entries(makers))(
    "of %s is written in prefill, read and written in decode, as long as one step",
    (_, make) => {
      const elements = 2 * 5 * 3;
      const moved = (state: "none" | "write" | "update", tokens: number) => [
        bytesOf(make(state, tokens), "inputs", "state"),
        bytesOf(make(state, tokens), "outputs", "newState"),
      ];
      expect(moved("none", 7)).toEqual([undefined, undefined]);
      expect(moved("write", 7)).toEqual([undefined, elements]);
      expect(moved("update", 1)).toEqual([elements, elements]);
      expect(moved("update", 700)).toEqual([elements, elements]);
      const kept = cost(make("update", 1));
      const forgotten = cost(make("none", 1));
      expect([kept.inputBytes - forgotten.inputBytes, kept.outputBytes - forgotten.outputBytes]).toEqual([60, 60]);
    },
  );

  it("is stored at kvDtype, and is nothing for a filter of one tap", () => {
    const op = selectiveScan({ tokens: 1, channels: 2, stateSize: 3, state: "update", dtype: "bf16", kvDtype: "fp32" });
    expect(op.outputs.map((t) => t.dtype)).toEqual(["bf16", "fp32"]);
    expect(shortConv({ tokens: 3, channels: 2, kernelSize: 1, state: "update" }).inputs).toHaveLength(1);
  });

  it("changes nothing of what the work is, but for a convolution's padding", () => {
    const prefill = tokenShift({ tokens: 3, channels: 4, state: "write" });
    expect(extra(prefill)).toBe(extra(tokenShift({ tokens: 3, channels: 4, state: "update" })));
    const { macs } = shortConv({ tokens: 1, channels: 4, kernelSize: 4, state: "update" });
    expect(macs).toBe(4 * 4);
  });
});

describe("other tools", () => {
  it("FlopCounterMode sees the chunked products, and has not been run on a step of the delta rule", () => {
    const shape = { tokens: 3, keyHeads: 1, keyHeadDim: 2, valueHeadDim: 2 };
    const chunked = gatedDeltaRule(shape);
    expect(countAs("torch", chunked).value).toBe(2 * chunked.macs);
    expect(countAs("torch", gatedDeltaRule({ ...shape, form: "recurrent", state: "update" })).value).toBeNull();
  });

  it("a depthwise filter's gradient is counted as a full one", () => {
    const op = shortConv({ tokens: 5, channels: 3, kernelSize: 2 });
    const [toWeight] = backward(op, { inputGradient: false });
    expect(countAs("torch-2.0", toWeight!).value).toBe(2 * op.macs * 3);
    expect(countAs("torch", toWeight!).value).toBe(2 * op.macs * 3);
  });
});
