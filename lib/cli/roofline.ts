// `ridgepoint roofline <name|file> --device <id>`: what a device's roofs allow.
import { shown } from "../check.js";
import { device } from "../devices.js";
import { printable } from "../lesson/html.js";
import { table } from "../lesson/table.js";
import { costByPath, modelCost, nodeCost, type Model } from "../model.js";
import { estimate, peakFlops, ridgePoint, type Device } from "../roofline.js";
import { parseDType, type DType } from "../dtype.js";
import { bytesMoved } from "../op.js";
import { binary, si, time } from "../units.js";
import { integer, needed, read, type Command } from "./command.js";
import { sourceOf, workloadOptions } from "./source.js";
import { described, json, lines } from "./text.js";
import { modelMemory } from "./totals.js";

const who = "roofline";
const spec = { ...workloadOptions, device: "string", depth: "string", json: "boolean" } as const;

export const roofline: Command = async (args) => {
  const { options, words } = read(who, args, spec, ["<name|file>"]);
  const asked = needed(who, words, 0, "a model's name or a file");
  const on = device(needed(who, [options.device ?? ""], 0, "--device with an id such as h100-sxm"));
  const depth = integer(who, "depth", options.depth ?? "1", 0);
  const { model } = await sourceOf(who, asked, options);
  if (!model)
    throw new RangeError(`${who}: a file must come with a configuration, got a header alone in ${shown(asked)}`);
  const dtype = formatOf(model, options.dtype, on);
  const c = modelCost(model);
  const e = estimate(c, on, dtype);
  const byOp = opByOp(model, on, dtype);
  const head = {
    name: asked,
    model: model.name,
    workload: model.workload,
    device: on.id,
    dtype,
    peakFlops: peakFlops(on, dtype),
    bandwidth: on.bandwidth,
    ridgePoint: ridgePoint(on, dtype),
  };
  const { weights, kvCache = 0, peakActivations = 0 } = modelMemory(model);
  const total = weights + kvCache + peakActivations;
  const fits = on.memory === undefined ? undefined : total <= on.memory;
  if (options.json)
    return json({
      ...head,
      ...e,
      opByOpSeconds: byOp.seconds,
      memoryBoundOps: byOp.memoryBound,
      ops: model.nodes.length,
      params: c.params,
      activeParams: c.activeParams,
      macs: c.macs,
      flops: c.flops,
      bytesRead: c.bytesRead,
      bytesWritten: c.bytesWritten,
      memory: { weights, kvCache, peakActivations, needed: total, device: on.memory ?? null, fits: fits ?? null },
    });
  const rows = costByPath(model, depth).map(({ path, cost }) => {
    const part = estimate(cost, on, dtype);
    return {
      path,
      "lower bound": time(part.seconds),
      "FLOP/B": part.arithmeticIntensity,
      bound: part.bound,
      "share of time": `${((100 * part.seconds) / (e.seconds || 1)).toFixed(1)} %`,
    };
  });
  return `${printable(`${model.name} on ${on.name}`)}\n${printable(described(model.workload))}\n\n${lines([
    ["roofs", `${si(head.peakFlops, "FLOP/s")} in ${dtype}, ${si(on.bandwidth, "B/s")}`],
    ["ridge point", `${head.ridgePoint.toPrecision(4)} FLOP/B`],
    ["arithmetic intensity", `${e.arithmeticIntensity.toPrecision(4)} FLOP/B: ${e.bound}-bound`],
    ["compute", `${time(e.computeSeconds)} for ${si(c.flops, "FLOP")}`],
    ["memory", `${time(e.memorySeconds)} for ${si(bytesMoved(c), "B")}`],
    ["bounds on time", `${time(e.seconds)} to ${time(e.upperSeconds)}, launches not counted`],
    [
      "op by op",
      `${time(byOp.seconds)} at least when each op is bound by itself; ${byOp.memoryBound} of ${model.nodes.length} ops by memory`,
    ],
    [
      "must stand in memory",
      `weights ${binary(weights)}${kvCache ? `, KV cache ${binary(kvCache)}` : ""}, activations ${binary(peakActivations)}${fits === undefined ? "" : ` of ${binary(on.memory!)}: ${fits ? "fits" : "does not fit"}`}`,
    ],
  ])}${depth === 0 ? "" : `\n${table(rows).text}\n`}`;
};

/** The asked format, or the model's own where the device lists it. */
function formatOf(model: Model, asked: string | undefined, on: Device): DType {
  const dtype = parseDType(who, asked ?? model.workload.dtype ?? "fp32");
  peakFlops(on, dtype);
  return dtype;
}

function opByOp(model: Model, on: Device, dtype: DType): { seconds: number; memoryBound: number } {
  let seconds = 0;
  let memoryBound = 0;
  for (const node of model.nodes) {
    const e = estimate(nodeCost(node), on, dtype);
    seconds += e.seconds;
    if (e.bound === "memory") memoryBound++;
  }
  return { seconds, memoryBound };
}
