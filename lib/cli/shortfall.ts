// What the totals of an ONNX file leave out, in the words of a headline: a sum of a part must not read as the whole.
import { printable } from "../text/escape.js";
import { grouped, si } from "../units.js";
import type { Counted } from "../explore/source.js";

const named = 3;

/**
 * "at least 4.1 GFLOP; 3 of 128 nodes are not counted: TopK.1 (TopK), …", a line of its own; empty where all are
 * counted.
 */
export function shortfall({ uncounted = [], graphNodes = uncounted.length }: Counted, flops: number): string {
  if (uncounted.length === 0) return "";
  const known = flops > 0 ? `at least ${si(flops, "FLOP")}` : "FLOPs are not known";
  const listed = uncounted.slice(0, named).map(({ path, opType }) => `${path} (${opType})`);
  const more = uncounted.length > named ? ", …" : "";
  const are = uncounted.length === 1 ? "is" : "are";
  const share = `${grouped(uncounted.length)} of ${grouped(Math.max(graphNodes, uncounted.length))} nodes`;
  return `${printable(`${known}; ${share} ${are} not counted: ${listed.join(", ")}${more}`)}\n\n`;
}

/** A count that may be short: "at least 12", and no bare 0. */
export const lowerBound = (text: string, count: number, whole: boolean): string => {
  if (whole) return text;
  return count > 0 ? `at least ${text}` : "not known";
};
