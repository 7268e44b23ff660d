import { describe, expect, it } from "vitest";
import { elementCount, model, type Node } from "../../lib/index.js";
import golden from "../golden/elementwise.json" with { type: "json" };

/**
 * What PyTorch writes for a node that is no contraction, by kind; the bias of a linear layer on four dimensions is an
 * addition of its own.
 */
function written({ op, module }: Node): [string, number] | undefined {
  if (op.kind === "attention") return ["softmax", op.transcendentals!];
  if (module === "Linear of four dimensions") return ["add", op.extras.bias ?? 0];
  // PyTorch puts a class token before the others by torch.cat.
  const kind = op.kind === "prependToken" ? "concat" : op.kind;
  return op.macs > 0 ? undefined : [kind, elementCount(op.outputs[0]!.shape)];
}

/** torch.cat of a single tensor, which DenseNet's first layers do, is a copy that nothing needs. */
const needlessCopies = (nodes: readonly Node[]): number =>
  nodes
    .filter((n) => n.path.endsWith("denselayer1/norm1"))
    .reduce((n, { op }) => n + elementCount(op.outputs[0]!.shape), 0);

describe("everything that is no contraction", () => {
  it.each(golden.models)('model("$name") writes as many elements of each kind as PyTorch', ({ name, elements }) => {
    const { nodes } = model(name);
    const counted: Record<string, number> = {};
    for (const entry of nodes.map(written))
      if (entry && entry[1] > 0) counted[entry[0]] = (counted[entry[0]] ?? 0) + entry[1];
    if (counted.concat) counted.concat += needlessCopies(nodes);
    expect(counted).toEqual(elements);
  });
});
