// Attention in its layer: what its intensity is, what it moves, and how much of the layer it takes, by length, heads
// and kernel.
import { rooflineChart, stackedBarChart } from "../charts/index.js";
import { device as deviceOf } from "../devices.js";
import { nodeCost, type Node } from "../model.js";
import { decoder } from "../models/decoder.js";
import { arithmeticIntensity, bytesMoved, totalCost, type Cost } from "../op.js";
import { attention } from "../ops/index.js";
import { estimate, type Device, type Estimate } from "../roofline.js";
import { si, significant } from "../units.js";
import type { ExplorableState } from "./controls.js";
import { explorable, type Explorable } from "./explorable.js";
import type { ExplorableView } from "./shown.js";

/** Where the reader begins. */
export interface AttentionExplorerOptions {
  /** Id of the device; default h100-sxm. */
  device?: string;
  /** Width of a head; default 128. */
  headDim?: number;
}

const parts = ["attention", "projections", "feed-forward", "norms and sums"] as const;
type Part = (typeof parts)[number];

/** What the library says of one state. */
export interface AttentionFigures {
  /** Of the attention core: scores, softmax, values. */
  readonly core: Cost;
  readonly estimate: Estimate;
  /** Multiply-adds, bytes and least seconds of the layer, by part. */
  readonly layer: Readonly<Record<Part, { readonly macs: number; readonly bytes: number; readonly seconds: number }>>;
}

/** Throws a RangeError where the heads of keys do not divide those of queries. */
export function attentionFigures(state: ExplorableState, device: Device, headDim: number): AttentionFigures {
  const [length, heads, kvHeads] = ["length", "heads", "kvHeads"].map((name) => Number(state[name])) as [
    number,
    number,
    number,
  ];
  const decode = state["phase"] === "decode";
  const fused = state["kernel"] === "fused";
  const tokens = decode ? 1 : length;
  // Refuses by the names that the controls have.
  attention({ tokens, context: length, heads, kvHeads, headDim });
  const hiddenSize = heads * headDim;
  const { nodes } = decoder(
    {
      vocabSize: 1,
      hiddenSize,
      numHiddenLayers: 1,
      numAttentionHeads: heads,
      numKeyValueHeads: kvHeads,
      headDim,
      intermediateSize: (7 * hiddenSize) / 2,
    },
    { phase: decode ? "decode" : "prefill", tokens, context: length, fusedAttention: fused, dtype: "bf16" },
  );
  const layer = nodes.filter(({ path }) => path.startsWith("layers.0/"));
  const core = nodeCost(layer.find((node) => partOf(node) === "attention")!);
  const figuresOf = (part: Part) => {
    const costs = layer.filter((node) => partOf(node) === part).map(nodeCost);
    const total = totalCost(costs);
    return {
      macs: total.macs,
      bytes: bytesMoved(total),
      seconds: costs.reduce((n, c) => n + estimate(c, device, "bf16").seconds, 0),
    };
  };
  return {
    core,
    estimate: estimate(core, device, "bf16"),
    layer: Object.fromEntries(parts.map((part) => [part, figuresOf(part)])) as AttentionFigures["layer"],
  };
}

function partOf({ path, op }: Node): Part {
  if (op.kind === "attention") return "attention";
  if (op.kind === "linear") return path.includes("/mlp/") ? "feed-forward" : "projections";
  return "norms and sums";
}

/**
 * One layer of a decoder in bf16, heads of `headDim`, a gated feed-forward 3.5 times as wide: where the attention core
 * stands on the roofline, and its share of the layer's multiply-adds, bytes and time (the sum of its ops' bounds).
 */
export function attentionExplorer({
  device: id = "h100-sxm",
  headDim = 128,
}: AttentionExplorerOptions = {}): Explorable {
  const device = deviceOf(id);
  return explorable({
    title: "Attention in its layer",
    controls: [
      {
        name: "length",
        label: "Length",
        range: { min: 16, max: 1_048_576, scale: "log" },
        start: 2048,
        states: [128, 2048, 32_768],
      },
      { name: "heads", label: "Heads", range: { min: 1, max: 128 }, start: 32, states: [32] },
      {
        name: "kvHeads",
        label: "Heads of keys and values",
        values: [1, 2, 4, 8, 16, 32, 64, 128],
        start: 5,
        states: [1, 8, 32],
      },
      { name: "kernel", label: "Kernel", values: ["unfused", "fused"], kind: "select" },
      { name: "phase", label: "Phase", values: ["prefill", "decode"], kind: "select" },
    ],
    draw: (state) => viewed(attentionFigures(state, device, headDim), state, device),
  });
}

function viewed(
  { core, estimate: e, layer }: AttentionFigures,
  state: ExplorableState,
  device: Device,
): ExplorableView {
  const bars = (["macs", "bytes", "seconds"] as const).map((key) => {
    const all = parts.reduce((n, part) => n + layer[part][key], 0);
    const bar = { macs: "MACs", bytes: "bytes", seconds: "time" }[key];
    return parts.map((part) => ({ bar, part, value: layer[part][key] / all }));
  });
  const share = bars.map((bar) => `${significant(100 * bar[0]!.value, 3)} %`);
  const kernel = String(state["kernel"]);
  return {
    charts: [
      rooflineChart(
        device,
        [
          {
            name: `attention, ${kernel}`,
            arithmeticIntensity: e.arithmeticIntensity,
            flops: e.attainableFlops,
            bound: e.bound,
          },
        ],
        {
          title: `${device.name}, bf16`,
          dtypes: ["bf16"],
          xDomain: [0.1, 10_000],
          yDomain: [0.1 * device.bandwidth, 2 * device.peakFlops.bf16!],
          width: 370,
          height: 330,
        },
      ),
      stackedBarChart(bars.flat(), {
        title: "Shares of the layer",
        y: "Share",
        yFormat: "percent",
        width: 350,
        height: 330,
      }),
    ],
    sentence:
      `Attention moves ${si(bytesMoved(core), "B")} at ${significant(arithmeticIntensity(core), 3)} FLOP/byte ` +
      `(${e.bound}-bound): ${share[0]} of the layer's multiply-adds, ${share[1]} of its bytes, at least ${share[2]} ` +
      `of its time.`,
  };
}
