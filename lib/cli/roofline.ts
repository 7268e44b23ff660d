// `ridgepoint roofline <name|file> --device <id>`: what a device's roofs allow.
import { shown } from "../check.js";
import { printable } from "../text/escape.js";
import { tableOf } from "../text/table.js";
import { costByPath, modelCost, type Model } from "../model.js";
import { estimate, peakFlops, ridgePoint, type Device, type ModelEstimate } from "../roofline.js";
import { parseDType, type DType } from "../dtype.js";
import { bytesMoved } from "../op.js";
import { binary, formatTime, si } from "../units.js";
import { integer, needed, read, type Command } from "./command.js";
import { deviceOf } from "./device.js";
import { shortfall, shortfallFigures } from "./shortfall.js";
import { sourceOf, workloadOptions } from "./source.js";
import { described, json, lines } from "./text.js";
import { lineName, modelMemory } from "./totals.js";

const who = "roofline";
const spec = { ...workloadOptions, device: "string", depth: "string", json: "boolean" } as const;

export const roofline: Command = async (args) => {
  const { options, words } = read(who, args, spec, ["<name|file>"]);
  const asked = needed(who, words, 0, "a model's name or a file");
  const on = await deviceOf(who, needed(who, [options.device ?? ""], 0, "--device with an id such as h100-sxm"));
  const depth = integer(who, "depth", options.depth ?? "1", 0);
  const found = await sourceOf(who, asked, options);
  const { model } = found;
  if (!model)
    throw new RangeError(`${who}: a file must come with a configuration, got a header alone in ${shown(asked)}`);
  const dtype = formatOf(model, options.dtype, on);
  const figures = figuresOf(model, on, dtype, !found.uncounted?.length);
  if (options.json) return json({ ...record(asked, figures), ...shortfallFigures(found) });
  const detail = depth === 0 ? "" : `\n${parts(figures, depth)}\n`;
  return `${title(figures)}${shortfall(found, figures.c.flops)}${summary(figures)}${detail}`;
};

type Figures = ReturnType<typeof figuresOf>;

function figuresOf(model: Model, on: Device, dtype: DType, whole: boolean) {
  const c = modelCost(model);
  const memory = modelMemory(model);
  const needs = Object.values(memory.lines).reduce((n, bytes) => n + bytes, 0);
  const known = whole && memory.notComputed === undefined;
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
function record(
  asked: string,
  { model, on, dtype, c, bound, byOp, peak, ridge, memory, fits }: Figures,
): Record<string, unknown> {
  const { lines: held, notComputed, needs } = memory;
  const missing = notComputed === undefined ? {} : { notComputed };
  return {
    name: asked,
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
  };
}

const title = ({ model, on }: Figures): string =>
  `${printable(`${model.name} on ${on.name}`)}\n${printable(described(model.workload))}\n\n`;

function summary({ model, on, dtype, c, bound, byOp, peak, ridge, memory, fits }: Figures): string {
  const held = Object.entries(memory.lines).map(([line, n]) => `${lineName(line)} ${binary(n)}`);
  const missing = memory.notComputed === undefined ? "" : `; the rest was not computed: ${memory.notComputed}`;
  const verdict = fits ? "fits" : "does not fit";
  const room = fits === undefined ? "" : ` of ${binary(on.memory!)}: ${verdict}`;
  const ofOps = `${memoryBound(byOp)} of ${model.nodes.length} ops by memory`;
  return lines([
    ["roofs", `${si(peak, "FLOP/s")} in ${dtype}, ${si(on.bandwidth, "B/s")}`],
    ["ridge point", `${ridge.toPrecision(4)} FLOP/B`],
    ["arithmetic intensity", `${bound.arithmeticIntensity.toPrecision(4)} FLOP/B: ${bound.bound}-bound`],
    ["compute", `${formatTime(bound.computeSeconds)} for ${si(c.flops, "FLOP")}`],
    ["memory", `${formatTime(bound.memorySeconds)} for ${si(bytesMoved(c), "B")}`],
    ["bounds on time", `${formatTime(bound.seconds)} to ${formatTime(bound.upperSeconds)}, launches not counted`],
    ["op by op", `${formatTime(byOp.seconds)} at least when each op is bound by itself; ${ofOps}`],
    ["must stand in memory", `${held.join(", ")}${room}${missing}`],
  ]);
}

/** The table of the model's parts, by the first `depth` steps of their paths. */
function parts({ model, on, dtype, bound }: Figures, depth: number): string {
  const rows = costByPath(model, depth).map(({ path, cost }) => {
    const part = estimate(cost, on, dtype);
    return {
      path,
      "lower bound": formatTime(part.seconds),
      "FLOP/B": part.arithmeticIntensity,
      bound: part.bound,
      "share of time": `${((100 * part.seconds) / (bound.seconds || 1)).toFixed(1)} %`,
    };
  });
  return tableOf(rows).text;
}

/** The asked format, or the model's own where the device lists it. */
function formatOf(model: Model, asked: string | undefined, on: Device): DType {
  const dtype = parseDType(who, asked ?? model.workload.dtype ?? "fp32");
  peakFlops(on, dtype);
  return dtype;
}

const memoryBound = ({ ops }: ModelEstimate): number => ops.filter(({ bound }) => bound === "memory").length;
