// What `roofline` answers, as figures and as a record.
import { parseDType, type DType } from "../dtype.js";
import { modelCost, type Model } from "../model.js";
import { estimate, peakFlops, ridgePoint, type Device, type ModelEstimate } from "../roofline.js";
import { isWhole, shortfallFigures } from "./shortfallFigures.js";
import { modelOf, type Counted } from "./source.js";
import { modelMemory } from "./totals.js";

const who = "roofline";

export type RooflineFigures = ReturnType<typeof rooflineFigures>;

/** Bounds of what was counted on a device; `asked`: a format, by default the model's own. */
export function rooflineFigures(counted: Counted, on: Device, asked?: string) {
  const model = modelOf(who, counted);
  const dtype = formatOf(model, asked, on);
  const c = modelCost(model);
  const memory = modelMemory(model);
  const needs = Object.values(memory.lines).reduce((n, bytes) => n + bytes, 0);
  const known = isWhole(counted) && memory.notComputed === undefined;
  return {
    model,
    on,
    dtype,
    c,
    bound: estimate(c, on, dtype),
    byOp: estimate(model, on, dtype),
    peak: peakFlops(on, dtype),
    ridge: ridgePoint(on, dtype),
    memory: { ...memory, needs },
    // What is known alone may be too much; that it fits needs all of it.
    fits: on.memory === undefined || (!known && needs <= on.memory) ? undefined : needs <= on.memory,
  };
}

/** What `--json` prints. */
export function rooflineRecord(
  counted: Counted,
  { model, on, dtype, c, bound, byOp, peak, ridge, memory, fits }: RooflineFigures,
): Record<string, unknown> {
  const { lines: held, notComputed, needs } = memory;
  const missing = notComputed === undefined ? {} : { notComputed };
  return {
    name: counted.name,
    model: model.name,
    workload: model.workload,
    device: on.id,
    dtype,
    peakFlops: peak,
    bandwidth: on.bandwidth,
    ridgePoint: ridge,
    ...bound,
    opByOpSeconds: byOp.seconds,
    memoryBoundOps: memoryBound(byOp),
    ops: model.nodes.length,
    params: c.params,
    activeParams: c.activeParams,
    macs: c.macs,
    flops: c.flops,
    bytesRead: c.bytesRead,
    bytesWritten: c.bytesWritten,
    memory: {
      ...held,
      ...missing,
      needed: notComputed === undefined ? needs : null,
      device: on.memory ?? null,
      fits: fits ?? null,
    },
    ...shortfallFigures(counted),
  };
}

/** The asked format, or the model's own where the device lists it. */
function formatOf(model: Model, asked: string | undefined, on: Device): DType {
  const dtype = parseDType(who, asked ?? model.workload.dtype ?? "fp32");
  peakFlops(on, dtype);
  return dtype;
}

export const memoryBound = ({ ops }: ModelEstimate): number => ops.filter(({ bound }) => bound === "memory").length;
