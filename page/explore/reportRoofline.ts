// What a device's roofs allow: bounds, a prediction with its interval, and every op under the roof.
import {
  estimate,
  formatTime,
  predict,
  rooflineChart,
  si,
  svgText,
  tokensPerSecond,
  type Device,
  type Explored,
  type Model,
  type ModelEstimate,
} from "../../lib/browser.js";
import type { Drawing, Section } from "./messages.js";

/** Labels that a chart has room for, by its width; the other ops are points without one. */
const mostLabels = (width: number): number => (width < 500 ? 3 : 6);

/** The section of `roofline`; undefined where no device was named. */
export function rooflineSection(found: Explored, drawing: Drawing): Section | undefined {
  const { roofline, model, device } = found;
  if (roofline === undefined) return undefined;
  const heading = device ? `On ${device.name}` : "On the device";
  const { error, record } = roofline;
  if (error !== undefined || !model || !device) return { heading, error, facts: [], notes: [], grids: [] };
  const dtype = String(record.dtype);
  const told = record as Readonly<Record<string, number>>;
  const notes: string[] = [];
  const byOp = estimate(model, device, dtype);
  const { seconds, interval, basis } = predict(model, device, dtype);
  const range = `${formatTime(interval[0])} and ${formatTime(interval[1])}`;
  notes.push(`The prediction's interval: ${basis}.`);
  if (device.note) notes.push(`${device.name}: ${device.note}.`);
  const { picture, note } = drawn(device, byOp, dtype, drawing);
  if (note) notes.push(note);
  return {
    heading,
    facts: [
      ["roofs", `${si(told.peakFlops!, "FLOP/s")} in ${dtype}, ${si(told.bandwidth!, "B/s")}`],
      ["ridge point", `${told.ridgePoint!.toPrecision(4)} FLOP/B`],
      ["arithmetic intensity", `${told.arithmeticIntensity!.toPrecision(4)} FLOP/B: ${String(record.bound)}-bound`],
      ["compute", `${formatTime(told.computeSeconds!)} for ${si(told.flops!, "FLOP")}`],
      ["memory", `${formatTime(told.memorySeconds!)} for ${si(told.bytesRead! + told.bytesWritten!, "B")}`],
      ["bounds on time", `${formatTime(told.seconds!)} to ${formatTime(told.upperSeconds!)}, launches not counted`],
      ["op by op", `${formatTime(told.opByOpSeconds!)} at least; ${told.memoryBoundOps} of ${told.ops} ops by memory`],
      ["prediction", `${formatTime(seconds)}, between ${range}`],
      ...perSecond(model, device, dtype),
    ],
    notes,
    grids: [],
    ...(picture === undefined ? {} : { picture }),
  };
}

/** Positions per second that the bounds allow a decoder, in its two phases. */
function perSecond(model: Model, device: Device, dtype: string): [string, string][] {
  if (!("decoder" in model) || model.workload.phase === "train") return [];
  try {
    const { prefill, decode } = tokensPerSecond(model, device, { dtype });
    return [
      ["tokens per second, prefill", `at most ${si(prefill.tokensPerSecond)}`],
      ["tokens per second, decode", `at most ${si(decode.tokensPerSecond)}`],
    ];
  } catch (error) {
    return [["tokens per second", `not known: ${(error as Error).message}`]];
  }
}

interface Place {
  readonly arithmeticIntensity: number;
  readonly flops: number;
  readonly bound: "compute" | "memory";
  readonly paths: string[];
  seconds: number;
}

/** Ops by where they stand under the roof: those of equal layers are one point. */
function placesOf({ ops }: ModelEstimate): Place[] {
  const places = new Map<string, Place>();
  for (const { path, arithmeticIntensity, attainableFlops, bound, seconds } of ops) {
    if (!(arithmeticIntensity > 0 && arithmeticIntensity < Infinity && attainableFlops > 0)) continue;
    const key = `${arithmeticIntensity.toPrecision(6)} ${attainableFlops.toPrecision(6)}`;
    const place = places.get(key);
    if (place) {
      place.paths.push(path);
      place.seconds += seconds;
    } else places.set(key, { arithmeticIntensity, flops: attainableFlops, bound, paths: [path], seconds });
  }
  return [...places.values()].sort((a, b) => b.seconds - a.seconds);
}

/** The last names of a path; of several ops how many they are. */
const nameOf = ({ paths }: Place): string => {
  const short = paths[0]!.split("/").slice(-1)[0]!;
  return paths.length === 1 ? short : `${short} and ${paths.length - 1} more`;
};

function drawn(
  device: Device,
  byOp: ModelEstimate,
  dtype: string,
  { document, width }: Drawing,
): { picture?: string; note?: string } {
  const places = placesOf(byOp);
  const shown = places.reduce((n, { paths }) => n + paths.length, 0);
  const left = byOp.ops.length - shown;
  if (places.length === 0) return { note: "No op has FLOPs, so there is no point to draw under the roof." };
  const labels = mostLabels(width);
  const longest = places
    .slice(0, labels)
    .map((place) => `${nameOf(place)} (${place.arithmeticIntensity.toPrecision(3)} FLOP/B, ${place.bound}-bound)`);
  const chart = rooflineChart(
    device,
    places.map((place, i) => ({ ...place, name: i < labels ? nameOf(place) : "" })),
    {
      dtypes: [dtype],
      title: `${shown} ops under the roof of ${device.name}`,
      width,
      height: Math.min(440, Math.max(320, Math.round(width * 0.62))),
      description:
        `Roofline of ${device.name} in ${dtype} with ${shown} ops at ${places.length} places. ` +
        `Those that take the most time: ${longest.join("; ")}.`,
    },
  );
  const lost = `Ops without FLOPs have no place on the chart: ${left} of ${byOp.ops.length}. `;
  const named = "Ops at one place are one point; named are those that take the most time at their bound.";
  return { picture: svgText(chart, document), note: `${left > 0 ? lost : ""}${named}` };
}
