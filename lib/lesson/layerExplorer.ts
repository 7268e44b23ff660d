// One linear layer on one device, seen at once as two times, a ledger of bytes and a point on the roofline.
import { horizontalBarChart, rooflineChart } from "../charts/index.js";
import { devices } from "../devices.js";
import { dtypes, type DType } from "../dtype.js";
import { bytesMoved, cost, type Cost } from "../op.js";
import { linear } from "../ops/index.js";
import { estimate, peakFlops, ridgePoint, type Device, type Estimate } from "../roofline.js";
import { tableOf, type Table } from "../text/table.js";
import { formatTime, significant } from "../units.js";
import type { ExplorableState } from "./controls.js";
import { deviceControl, deviceNamed } from "./deviceControl.js";
import { explorable, type Explorable } from "./explorable.js";
import type { ExplorableView } from "./shown.js";

/** Where the reader begins. */
export interface LayerExplorerOptions {
  /** Tokens at first; default 64. */
  batch?: number;
  /** Input features at first; default 4096. */
  inFeatures?: number;
  /** Output features at first; default 4096. */
  outFeatures?: number;
  /** Format of data and arithmetic at first; default bf16. */
  dtype?: DType;
  /** Id of the device at first; default h100-sxm. */
  device?: string;
}

const asData = "as the data";
const mostBatch = 65_536;
const widest = 65_536;

/** What the library says of one state. */
export interface LayerFigures {
  readonly device: Device;
  readonly dtype: DType;
  readonly batch: number;
  readonly cost: Cost;
  readonly estimate: Estimate;
  /** Seconds of the lower bound for each token. */
  readonly secondsPerToken: number;
}

/** Throws a RangeError where the device lists no peak for the dtype. */
export function layerFigures(state: ExplorableState): LayerFigures {
  const device = deviceNamed(state["device"]!);
  const dtype = String(state["dtype"]) as DType;
  const batch = Number(state["batch"]);
  peakFlops(device, dtype);
  const c = cost(layerOf(state, batch));
  const e = estimate(c, device, dtype);
  return { device, dtype, batch, cost: c, estimate: e, secondsPerToken: e.seconds / batch };
}

const layerOf = ({ inFeatures, outFeatures, dtype, weightDtype }: ExplorableState, tokens: number) =>
  linear({
    tokens,
    inFeatures: Number(inFeatures),
    outFeatures: Number(outFeatures),
    dtype: String(dtype) as DType,
    ...(weightDtype === asData ? {} : { weightDtype: String(weightDtype) as DType }),
  });

/**
 * A linear layer on any listed device: the time to compute and the time to move its bytes, the ledger of the bytes, the
 * point on the roofline, and the time of a token. The point can be dragged along the roof, which sets the batch.
 * Weights of another format have no scales. Throws a RangeError for an unknown device.
 */
export function layerExplorer({
  batch = 64,
  inFeatures = 4096,
  outFeatures = 4096,
  dtype = "bf16",
  device = "h100-sxm",
}: LayerExplorerOptions = {}): Explorable {
  const features = { min: 16, max: widest, scale: "log" } as const;
  const arithmetic = dtypes.filter((each) => Object.values(devices).some((d) => d.peakFlops[each]));
  const weights: readonly string[] = [asData, "bf16", "fp8", "int8", "int4"];
  return explorable({
    title: "A linear layer: two times, a ledger and a point",
    controls: [
      {
        name: "batch",
        label: "Batch",
        range: { min: 1, max: mostBatch, scale: "log" },
        start: batch,
        states: [...new Set([1, batch, 1024, 16_384])].sort((a, b) => a - b),
      },
      { name: "inFeatures", label: "In features", range: features, start: inFeatures, states: [inFeatures] },
      { name: "outFeatures", label: "Out features", range: features, start: outFeatures, states: [outFeatures] },
      {
        name: "dtype",
        label: "Dtype",
        values: arithmetic,
        start: arithmetic.indexOf(dtype),
        kind: "select",
        states: [...new Set(["fp32", dtype])],
      },
      { name: "weightDtype", label: "Weights", values: weights, kind: "select", states: [asData, "int4"] },
      deviceControl(device, [...new Set([device, "a100-80-sxm", "rtx4090"])]),
    ],
    draw: viewed,
  });
}

function viewed(state: ExplorableState): ExplorableView {
  const { device, dtype, batch, cost: c, estimate: e, secondsPerToken } = layerFigures(state);
  const intensity = significant(e.arithmeticIntensity, 3);
  const [longer, shorter] = e.bound === "memory" ? ["moving", "computing"] : ["computing", "moving"];
  const factor = significant(
    Math.max(e.memorySeconds, e.computeSeconds) / Math.min(e.memorySeconds, e.computeSeconds),
    3,
  );
  return {
    charts: [
      rooflineChart(
        device,
        [
          {
            name: `batch ${batch}`,
            arithmeticIntensity: e.arithmeticIntensity,
            flops: e.attainableFlops,
            bound: e.bound,
          },
        ],
        {
          title: `${device.name}, ${dtype}`,
          dtypes: [dtype],
          // The axes belong to the device: they stay while the point moves.
          xDomain: [0.1, 20_000],
          yDomain: [0.1 * device.bandwidth, 2 * peakFlops(device, dtype)],
          width: 380,
          height: 320,
        },
      ),
      horizontalBarChart(
        [
          { name: "computing", value: e.computeSeconds, family: "T compute" },
          { name: "moving", value: e.memorySeconds, family: "T memory" },
        ],
        { title: "The longer one bounds the time", x: "Time", xFormat: "si", unit: "s", width: 340 },
      ),
    ],
    table: ledger(c),
    sentence:
      `At least ${formatTime(e.seconds)} a call, ${formatTime(secondsPerToken)} a token: ${e.bound}-bound at ` +
      `${intensity} FLOP/byte (the ridge is at ${significant(ridgePoint(device, dtype), 3)}), ` +
      `${longer} takes ${factor} times as long as ${shorter}.`,
    drag: { control: "batch", track: track(state, batch) },
  };
}

function ledger(c: Cost): Table {
  const moved = bytesMoved(c);
  const row = (part: string, bytes: number) => ({ part, bytes, share: `${((100 * bytes) / moved).toFixed(1)} %` });
  return tableOf([
    row("weights", c.weightBytes),
    row("input", c.inputBytes),
    row("output", c.outputBytes),
    row("together", moved),
  ]);
}

/** Where the point is at batches in steps of a quarter octave, and at the one that it is at. */
function track(state: ExplorableState, batch: number) {
  const { device, dtype } = layerFigures(state);
  const steps = Array.from({ length: 4 * Math.log2(mostBatch) + 1 }, (_, k) => Math.round(2 ** (k / 4)));
  return [...new Set([...steps, batch])]
    .sort((a, b) => a - b)
    .map((value) => {
      const e = estimate(cost(layerOf(state, value)), device, dtype);
      return { value, x: e.arithmeticIntensity, y: e.attainableFlops };
    });
}
