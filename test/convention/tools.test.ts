import { describe, expect, it } from "vitest";
import {
  backward,
  conv2d,
  countAs,
  linear,
  mla,
  model,
  modelCost,
  moe,
  toolNames,
  type Model,
  type ModelOptions,
  type ToolName,
} from "../../lib/index.js";
import golden from "../golden/tools.json" with { type: "json" };
import { modelCases } from "./modelCases.js";
import { described, type Described } from "./torchModules.js";

type Printed = number | null | readonly number[];

/** A row: a model by name or a described layer, how it was run, and what each tool printed. */
interface Row extends Partial<Described> {
  readonly case?: string;
  readonly name?: string;
  readonly backward?: boolean;
}

function modelOf(row: Row): Model {
  if (row.case !== undefined && Object.hasOwn(modelCases, row.case)) return modelCases[row.case]!();
  if (row.name !== undefined) return model(row.name, row.options as ModelOptions);
  const forward = described(row as Described);
  if (!row.backward) return forward;
  const gradients = forward.nodes.flatMap((node) => backward(node.op).map((op) => ({ ...node, op })));
  return { ...forward, nodes: [...forward.nodes, ...gradients] };
}

const rowsByGroup = Object.entries(golden as unknown as Record<string, readonly Row[]>).filter(([, rows]) =>
  Array.isArray(rows),
);

/** Every tool in `row` prints what stands there, and its terms explain the difference from ours. */
function prints(row: Row): void {
  const m = modelOf(row);
  const fastPath = row.attention === "fast path";
  for (const tool of toolNames) {
    const printed = (row as Partial<Record<ToolName, Printed>>)[tool];
    if (printed === undefined) continue;
    const counted = countAs(tool, m, { fusedAttention: fastPath || row.attention === "fused", fastPath });
    const [value, macs] = typeof printed === "number" || printed === null ? [printed] : printed;
    expect([tool, counted.value, counted.macs]).toEqual([
      tool,
      value,
      counted.unit === "MACs" ? (value ?? undefined) : macs,
    ]);
    expect(counted.flops).toBe(counted.unit === "FLOPs" ? (value ?? undefined) : undefined);
    if (counted.value === null) expect(counted.crash).toMatch(/\w/);
    else expect(counted.terms.reduce((n, t) => n + t.count, counted.ours)).toBe(counted.value);
  }
}

describe("countAs(tool, …) prints what the tool prints", () => {
  it.each(rowsByGroup.flatMap(([group, rows]) => rows.map((row) => ({ group, row }))))("for $group: $row", ({ row }) =>
    prints(row),
  );

  // torchvision's figure is half of torch's, and PyTorch 2.0's is that of now.
  const run = toolNames.filter((tool) => tool !== "torchvision" && tool !== "torch-2.0");
  it.each(golden.models)("every tool was run on $name, $options", (row) => {
    expect(run.filter((tool) => !(tool in row))).toEqual([]);
  });
});

describe("countAs", () => {
  it("countAs(tool, model) gives each difference a reason and no empty term", () => {
    for (const tool of toolNames)
      for (const term of countAs(tool, model("efficientnet_b0")).terms) {
        expect(term.count).not.toBe(0);
        expect(term.why).toMatch(/^\S.{5,}/);
      }
  });

  it('countAs("fvcore", resnet50) is our MACs, 2 per batch norm element and 1 per pooled element', () => {
    const { terms, ours } = countAs("fvcore", model("resnet50"));
    expect(ours).toBe(4089184256);
    expect(terms.map(({ term, count }) => [term, count])).toEqual([
      ["batchNorm", 2 * 11113984],
      ["avgPool", 2048 * 49],
    ]);
  });

  it('countAs("torch", model) counts a training step too; the others count its forward pass only', () => {
    const m = model("resnet18", { phase: "train" });
    expect(countAs("torch", m).value).toBe(2 * modelCost(m).macs);
    for (const tool of ["torchvision", "ptflops-aten", "torchinfo"] as const)
      expect(countAs(tool, m).value).toBe(countAs(tool, model("resnet18")).value);
  });

  // torch.utils.flop_counter's own formula on training steps, run on torch 1.13's traces: backward / forward. 2.15.0
  // has the same formula (options.test.ts).
  it.each([
    ["mobilenet_v2", "19.41"],
    ["efficientnet_b0", "40.71"],
    ["convnext_tiny", "7.69"],
  ])('countAs("torch") of a training step of %s has the wrong ratio %s, ours is below 2', (name, ratio) => {
    const training = model(name, { phase: "train" });
    for (const tool of ["torch", "torch-2.0"] as const) {
      const forward = countAs(tool, model(name)).value!;
      expect(((countAs(tool, training).value! - forward) / forward).toFixed(2)).toBe(ratio);
    }
    expect(modelCost(training).macs / modelCost(model(name)).macs - 1).toBeLessThan(2);
  });

  it(
    "countAs(tool, model, { fusedAttention: true }) loses the attention " +
      "in fvcore, calflops and ptflops, as timm's tables did",
    () => {
      const vit = model("vit_b_16");
      const attention = 715327488;
      expect(countAs("fvcore", vit).value! - countAs("fvcore", vit, { fusedAttention: true }).value!).toBe(attention);
      expect(countAs("ptflops-aten", vit).value! - countAs("ptflops-aten", vit, { fusedAttention: true }).value!).toBe(
        attention,
      );
      expect(countAs("torch", vit, { fusedAttention: true }).value).toBe(countAs("torch", vit).value);
      expect(Math.round(countAs("fvcore", vit, { fusedAttention: true }).value! / 1e7) / 100).toBe(16.87);
    },
  );

  it("countAs(tool, op) takes an op alone, with its samples where ptflops needs them", () => {
    const op = linear({ tokens: 8, inFeatures: 768, outFeatures: 3072, bias: true });
    expect(countAs("ptflops", op, { batch: 8 }).value).toBe(2362368);
    expect(countAs("ptflops", op).value).toBe(8 * 2362368);
    expect(
      countAs(
        "torchinfo",
        conv2d({ batch: 2, inChannels: 3, outChannels: 8, height: 5, width: 5, kernelSize: 3, bias: true }),
      ).value,
    ).toBe(2 * 9 * (8 * 27 + 8));
  });

  it.each([
    ["resnet18", 1814083944],
    ["convnext_tiny", 322371592],
    ["vit_b_16", 173232616],
  ])('countAs("torchinfo-1.8.0", model("%s")) is %i: its linear layers forget their tokens', (name, value) => {
    expect(countAs("torchinfo-1.8.0", model(name)).value).toBe(value);
  });

  it(
    "countAs(tool, moe) and countAs(tool, " +
      "mla) count the linear layers, norms and " +
      "products that such a block runs",
    () => {
      const mixture = moe({ tokens: 6, hiddenSize: 32, intermediateSize: 48, experts: 8, topK: 2, sharedExperts: 1 });
      const latent = mla({
        tokens: 6,
        hiddenSize: 32,
        heads: 4,
        qLoraRank: 16,
        kvLoraRank: 8,
        qkNopeHeadDim: 8,
        qkRopeHeadDim: 4,
        vHeadDim: 8,
      });
      for (const op of [mixture, latent]) {
        expect(countAs("fvcore", op).value).toBe(op.macs);
        expect(countAs("deepspeed", op).macs).toBe(op.macs);
        expect(countAs("torch", op).value).toBe(2 * op.macs);
      }
      expect(countAs("thop", mixture).value).toBe(mixture.macs);
      expect(countAs("thop", latent).value).toBe(latent.macs - 4 * 6 * 6 * (12 + 8));
      expect(countAs("deepspeed", mixture).value).toBe(2 * mixture.macs + 6 * 8 + 6 * 3 * 48);
    },
  );

  it.each([
    ["torch", "FlopCounterMode", "torch.utils.flop_counter", "PyTorch"],
    ["torchvision", "TorchVision", "aten"],
    ["ptflops-pytorch", "ptflops", "ptflops_pytorch"],
    ["ptflops-aten", "ptflops_aten", "ptflopsAten"],
    ["deepspeed", "DeepSpeed", "deep-speed"],
  ])('countAs("%s", …) has other names', (tool, ...others) => {
    for (const name of others) expect(countAs(name, model("resnet18"))).toEqual(countAs(tool, model("resnet18")));
  });

  it('countAs("ptflop", …) lists the tools; a model that is none is refused', () => {
    for (const bad of [undefined, null, 3, "__proto__", "tostring", ""])
      expect(() => countAs(bad as never, model("resnet18"))).toThrow(/^countAs: tool must be one of torch, /);
    expect(() => countAs("ptflop" as never, model("resnet18"))).toThrow(
      /^countAs: tool must be one of torch, .*got "ptflop"$/,
    );
    expect(() => countAs("torch", "resnet18" as never)).toThrow(TypeError);
    expect(() => countAs("torch", model("resnet18"), { batch: 0 })).toThrow(RangeError);
  });
});
