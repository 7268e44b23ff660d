// The roofline that a reader moves: a linear layer's batch, the device, the dtype.
import { rooflineChart } from "../charts/index.js";
import { device } from "../devices.js";
import { cost } from "../op.js";
import { linear } from "../ops/index.js";
import { estimate } from "../roofline.js";
import { formatted } from "../charts/text.js";
import { explorable, type Explorable } from "./explorable.js";

/** The layer, and what the reader may choose from. */
export interface RooflineExplorerOptions {
  /** Input features of the layer; default 4096. */
  inFeatures?: number;
  /** Output features of the layer; default 4096. */
  outFeatures?: number;
  /** Ids of devices; default h100-sxm, a100-80-sxm and rtx4090. */
  devices?: readonly string[];
  /** Formats of data and arithmetic; each device must list them. Default bf16 and fp32. */
  dtypes?: readonly string[];
  /** Tokens to choose from; default the powers of four to 16384. */
  batches?: readonly number[];
}

/**
 * An explorable roofline of linear inFeatures → outFeatures. Devices are ids of the table; each must list every
 * dtype.
 */
export function rooflineExplorer({
  inFeatures = 4096,
  outFeatures = 4096,
  devices = ["h100-sxm", "a100-80-sxm", "rtx4090"],
  dtypes = ["bf16", "fp32"],
  batches = [1, 4, 16, 64, 256, 1024, 4096, 16384],
}: RooflineExplorerOptions = {}): Explorable {
  return explorable({
    title: `Linear ${inFeatures} → ${outFeatures} on a roofline`,
    controls: [
      { name: "batch", label: "Batch", values: batches, start: 3 },
      { name: "device", label: "Device", values: devices.map((id) => device(id).name), kind: "select" },
      { name: "dtype", label: "Dtype", values: dtypes, kind: "select" },
    ],
    draw(state) {
      const d = device(devices[devices.map((id) => device(id).name).indexOf(String(state.device))]!);
      const dtype = String(state.dtype);
      const e = estimate(cost(linear({ tokens: Number(state.batch), inFeatures, outFeatures, dtype })), d, dtype);
      return rooflineChart(
        d,
        [
          {
            name: `batch ${state.batch}: at least ${formatted(e.seconds, "si", "s")}`,
            arithmeticIntensity: e.arithmeticIntensity,
            flops: e.attainableFlops,
            bound: e.bound,
          },
        ],
        {
          title: `Linear ${inFeatures} → ${outFeatures}, ${dtype}, on ${d.name}`,
          dtypes: [dtype],
          xDomain: [0.1, 10_000],
          yDomain: [1e10, 3e15],
        },
      );
    },
  });
}
