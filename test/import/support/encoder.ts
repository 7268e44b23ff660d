// One transformer encoder block behind an embedding, its head split written as exporters do it: Shape, Gather,
// Unsqueeze, Concat, Reshape.
import { node, onnxFile, tensor, valueInfo, type Message } from "./proto.js";

export interface EncoderSizes {
  hidden: number;
  heads: number;
  intermediate: number;
  vocab: number;
}

/** Input "ids" [batch, sequence] of int64, output [batch, sequence, hidden]. */
export function encoderOnnx({ hidden, heads, intermediate, vocab }: EncoderSizes): Uint8Array<ArrayBuffer> {
  const nodes: Message[] = [];
  const initialisers: Message[] = [];
  const weight = (name: string, dims: number[]): string => {
    initialisers.push(tensor(name, dims));
    return name;
  };
  const ints = (name: string, data: number[], dims = [data.length]): string => {
    initialisers.push(tensor(name, dims, { data }));
    return name;
  };
  const push = (
    type: string,
    inputs: string[],
    output: string,
    attributes: Record<string, number | string | number[]> = {},
  ): string => {
    nodes.push(node(type, inputs, [output], { name: `/${output.replaceAll(".", "/")}`, ...attributes }));
    return output;
  };
  const dense = (x: string, path: string, from: number, to: number): string =>
    push(
      "Add",
      [weight(`${path}.bias`, [to]), push("MatMul", [x, weight(`${path}.weight`, [from, to])], `${path}.MatMul`)],
      `${path}.Add`,
    );
  const zero = ints("zero", [0]);
  const first = ints("first", [0], []);
  const second = ints("second", [1], []);
  const headCount = ints("headCount", [heads]);
  const headDim = ints("headDim", [hidden / heads]);
  const width = ints("width", [hidden]);

  const x = push("Gather", [weight("embeddings", [vocab, hidden]), "ids"], "embeddings.Gather");
  const size = push("Shape", [x], "Shape");
  const dim = (index: string): string =>
    push("Unsqueeze", [push("Gather", [size, index], `${index}.Gather`), zero], `${index}.Unsqueeze`);
  const batch = dim(first);
  const tokens = dim(second);
  const split = push("Concat", [batch, tokens, headCount, headDim], "split", { axis: 0 });
  const joined = push("Concat", [batch, tokens, width], "joined", { axis: 0 });
  const headed = (name: string, perm: number[]): string =>
    push(
      "Transpose",
      [push("Reshape", [dense(x, `attention.${name}`, hidden, hidden), split], `attention.${name}.Reshape`)],
      `attention.${name}.Transpose`,
      { perm },
    );
  const scores = push(
    "Softmax",
    [push("MatMul", [headed("query", [0, 2, 1, 3]), headed("key", [0, 2, 3, 1])], "attention.scores")],
    "attention.Softmax",
    { axis: -1 },
  );
  const merged = push(
    "Reshape",
    [
      push(
        "Transpose",
        [push("MatMul", [scores, headed("value", [0, 2, 1, 3])], "attention.context")],
        "attention.Transpose",
        { perm: [0, 2, 1, 3] },
      ),
      joined,
    ],
    "attention.Reshape",
  );
  const norm = (a: string, b: string, path: string): string =>
    push(
      "LayerNormalization",
      [push("Add", [a, b], `${path}.Add`), weight(`${path}.weight`, [hidden]), weight(`${path}.bias`, [hidden])],
      `${path}.LayerNormalization`,
      { axis: -1 },
    );
  const attended = norm(dense(merged, "attention.output", hidden, hidden), x, "norm1");
  const mlp = dense(
    push("Gelu", [dense(attended, "mlp.up", hidden, intermediate)], "mlp.Gelu"),
    "mlp.down",
    intermediate,
    hidden,
  );
  const y = norm(mlp, attended, "norm2");
  return onnxFile(
    {
      nodes,
      initialisers,
      inputs: [valueInfo("ids", ["batch", "sequence"], 7)],
      outputs: [valueInfo(y, ["batch", "sequence", hidden])],
      name: "encoder",
    },
    { opset: 20 },
  );
}
