// Does it fit, and how fast can it be: a language model that writes, on some devices.
import { stackedBarChart } from "../charts/index.js";
import { modelCost } from "../model.js";
import { model } from "../models/index.js";
import { estimate, type Device } from "../roofline.js";
import { memoryLedger, type MemoryLedger } from "../serving/index.js";
import { grouped, si } from "../units.js";
import type { ExplorableState } from "./controls.js";
import { deviceControl, deviceNamed } from "./deviceControl.js";
import { explorable, type Explorable } from "./explorable.js";
import type { ExplorableView } from "./shown.js";

/** Where the reader begins, and which models there are. */
export interface MemoryExplorerOptions {
  /** Names of decoders; default eight from half a billion to 405 billion parameters. */
  models?: readonly string[];
  /** The one that is chosen at first, default Llama-2-13B, else the first. */
  model?: string;
  /** Id of the device at first; default h100-sxm. */
  device?: string;
}

const known = [
  "Qwen2.5-0.5B",
  "Llama-3.2-3B",
  "Llama-3-8B",
  "Llama-2-13B",
  "Qwen3-32B",
  "Llama-3-70B",
  "Mixtral-8x7B",
  "Llama-3.1-405B",
];

/** What the library says of one state. */
export interface MemoryFigures {
  /** Bytes on one device, by what they are. */
  readonly ledger: MemoryLedger;
  readonly needed: number;
  /** Bytes that one device has. */
  readonly memory: number;
  readonly ok: boolean;
  /** New tokens a second of the whole batch: at most, and when computing and moving do not overlap. */
  readonly tokensPerSecond: { readonly atMost: number; readonly without: number };
}

/** Throws a RangeError where the device lists no bf16, or the model cannot be divided over the devices. */
export function memoryFigures(state: ExplorableState): MemoryFigures {
  const device = deviceNamed(state["device"]!);
  const count = Number(state["count"]);
  const batch = Number(state["batch"]);
  const m = model(String(state["model"]), {
    phase: "decode",
    tokens: 1,
    context: Number(state["context"]),
    batch,
    dtype: "bf16",
    weightDtype: String(state["weightDtype"]),
    kvDtype: String(state["kvDtype"]),
  });
  const { memory } = device;
  if (memory === undefined) throw new RangeError(`memoryExplorer: device must have a known memory, got ${device.name}`);
  const ledger = memoryLedger(m, { parallel: { tensor: count } });
  const needed = Object.values(ledger).reduce((n, bytes) => n + bytes, 0);
  const e = estimate(modelCost(m), together(device, count), "bf16");
  return {
    ledger,
    needed,
    memory,
    ok: needed <= memory,
    tokensPerSecond: { atMost: batch / e.seconds, without: batch / e.upperSeconds },
  };
}

/** Devices that share all work evenly and say nothing to each other: no number of them is faster. */
const together = (device: Device, count: number): Device => ({
  ...device,
  bandwidth: count * device.bandwidth,
  peakFlops: Object.fromEntries(Object.entries(device.peakFlops).map(([dtype, peak]) => [dtype, count * peak])),
});

/**
 * A decoder that writes (bf16 arithmetic, one new token a sequence): the bytes of one device against its memory, and
 * the tokens a second that the roofline allows, as if several devices shared the work evenly and for nothing.
 */
export function memoryExplorer({
  models = known,
  model: chosen = models.includes("Llama-2-13B") ? "Llama-2-13B" : models[0]!,
  device = "h100-sxm",
}: MemoryExplorerOptions = {}): Explorable {
  const beforehand = [...new Set([chosen, "Llama-3-8B"])].filter((name) => models.includes(name));
  return explorable({
    title: "Does it fit, and how fast can it write?",
    controls: [
      {
        name: "model",
        label: "Model",
        values: models,
        start: models.indexOf(chosen),
        kind: "select",
        states: beforehand,
      },
      {
        name: "batch",
        label: "Batch",
        range: { min: 1, max: 4096, scale: "log" },
        start: 8,
        states: [1, 8, 16, 64],
      },
      {
        name: "context",
        label: "Context",
        range: { min: 128, max: 1_048_576, scale: "log" },
        start: 4096,
        states: [4096, 32_768],
      },
      {
        name: "weightDtype",
        label: "Weights",
        values: ["bf16", "fp8", "int4"],
        kind: "select",
        states: ["bf16", "int4"],
      },
      { name: "kvDtype", label: "Keys and values", values: ["bf16", "fp8", "int4"], kind: "select", states: ["bf16"] },
      deviceControl(device, [...new Set([device, "rtx4090"])]),
      { name: "count", label: "Devices", values: [1, 2, 4, 8], states: [1] },
    ],
    draw: viewed,
  });
}

const names: Readonly<Record<string, string>> = { kvCache: "keys and values" };

function viewed(state: ExplorableState): ExplorableView {
  const { ledger, needed, memory, ok, tokensPerSecond } = memoryFigures(state);
  const count = Number(state["count"]);
  const on = count === 1 ? String(state["device"]) : `each of ${count} ${state["device"]}`;
  const size = `${si(needed, "B")} of ${si(memory, "B")}`;
  const speed = [tokensPerSecond.without, tokensPerSecond.atMost].map((v) => grouped(Math.floor(v)));
  return {
    charts: [
      stackedBarChart(
        Object.entries(ledger).map(([part, value]) => ({ bar: on, part: names[part] ?? part, value })),
        {
          title: `${state["model"]}, batch ${state["batch"]}, ${grouped(Number(state["context"]))} tokens of context`,
          y: "Bytes on one device",
          yFormat: "si",
          unit: "B",
          rules: [{ value: memory, label: `memory: ${si(memory, "B")}` }],
          width: 440,
          height: 360,
        },
      ),
    ],
    sentence: ok
      ? `It fits: ${size}. At most ${speed[1]} tokens a second, ${speed[0]} if computing and moving do not overlap.`
      : `It does not fit: ${size}. With enough memory it would be at most ${speed[1]} tokens a second.`,
  };
}
