// Graphs of one node, and what they cost.
import { expect } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { modelCost } from "../../../lib/model.js";
import { onnxFile, tensor, valueInfo, type GraphParts, type Message } from "./proto.js";

/** A graph of one node: inputs by shape, weights by shape. */
export const one = (
  n: Message,
  inputs: Record<string, (number | string)[]>,
  weights: Record<string, number[]> = {},
  more: Partial<GraphParts> & { opset?: number } = {},
): Uint8Array =>
  onnxFile(
    {
      nodes: [n],
      inputs: Object.entries(inputs).map(([name, dims]) => valueInfo(name, dims)),
      outputs: [valueInfo("y", [])],
      ...more,
      initialisers: [
        ...Object.entries(weights).map(([name, dims]) => tensor(name, dims)),
        ...(more.initialisers ?? []),
      ],
    },
    { opset: more.opset ?? 17 },
  );

/** What a graph costs that is counted whole, and its output's shape. */
export const costOf = (bytes: Uint8Array) => {
  const m = fromOnnx(bytes, {});
  expect(m.uncounted).toEqual([]);
  return { ...modelCost(m), shape: m.outputs[0]!.shape, m };
};
