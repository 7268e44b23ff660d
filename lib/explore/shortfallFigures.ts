// What a record says of an ONNX file whose ops are not all counted.
import type { Counted } from "./source.js";

/** Nothing of a model that is no ONNX file. */
export const shortfallFigures = ({ uncounted, graphNodes }: Counted): Record<string, unknown> =>
  uncounted === undefined ? {} : { uncounted, lowerBound: uncounted.length > 0, graphNodes };

/** Whether every op of the file is counted. */
export const isWhole = ({ uncounted = [] }: Counted): boolean => uncounted.length === 0;
