// Arithmetic intensity against batch, for a reader who changes the dtype and the device: the curve and the ridge point
// both move.
import { lineChart } from "../charts/index.js";
import { device } from "../devices.js";
import { arithmeticIntensity, cost } from "../op.js";
import { linear } from "../ops/index.js";
import { ridgePoint } from "../roofline.js";
import { explorable, type Explorable } from "./explorable.js";

/** The layer, and what the reader may choose from. */
export interface IntensityExplorerOptions {
  /** Input features of the layer; default 768. */
  inFeatures?: number;
  /** Output features of the layer; default 3072. */
  outFeatures?: number;
  /** Ids of devices; default h100-sxm, a100-80-sxm and rtx4090. */
  devices?: readonly string[];
  /** Formats of data and arithmetic; each device must list them. Default fp32 and bf16. */
  dtypes?: readonly string[];
  /** Tokens at which the curve is drawn; default the powers of two to 8192. */
  batches?: readonly number[];
}

/**
 * An explorable of linear inFeatures → outFeatures at each of `batches`, beside the device's ridge point. Devices are
 * ids of the table; each must list every dtype.
 */
export function intensityExplorer({
  inFeatures = 768,
  outFeatures = 3072,
  devices = ["h100-sxm", "a100-80-sxm", "rtx4090"],
  dtypes = ["fp32", "bf16"],
  batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192],
}: IntensityExplorerOptions = {}): Explorable {
  const names = devices.map((id) => device(id).name);
  return explorable({
    title: `Arithmetic intensity of linear ${inFeatures} → ${outFeatures}`,
    controls: [
      { name: "dtype", label: "Dtype", values: dtypes, kind: "select" },
      { name: "device", label: "Device", values: names, kind: "select" },
    ],
    draw(state) {
      const dtype = String(state.dtype);
      const d = device(devices[names.indexOf(String(state.device))]!);
      const ridge = ridgePoint(d, dtype);
      const rows = batches.map((tokens) => ({
        series: dtype,
        x: tokens,
        y: arithmeticIntensity(cost(linear({ tokens, inFeatures, outFeatures, dtype }))),
      }));
      return lineChart(rows, {
        title: `Linear ${inFeatures} → ${outFeatures}, ${dtype}, and the ridge point of ${d.name}`,
        x: "Batch size",
        y: "Arithmetic intensity (FLOP/byte)",
        xScale: "log",
        yScale: "log",
        rules: [{ y: ridge, label: `ridge point ${ridge.toFixed(1)}` }],
      });
    },
  });
}
