// torchinfo's "mult-adds": the parameters of each leaf module times the size of some of its output's dimensions.
import { elementCount } from "../op.js";
import { isConv, isConvTranspose, parameters, unseen, type Rule, type Tool } from "./rule.js";

const withoutBatch = "Embedding without batch";

const rule =
  (oncePerSample: boolean): Rule =>
  ({ op, module, backward }, { batch }) => {
    if (backward) return { count: 0, why: "runs the forward pass only" };
    if (unseen(module))
      return {
        count: 0,
        why: "counts the parameters of leaf modules that are called; nn.MultiheadAttention and functions have none",
      };
    const shape = op.outputs[0]!.shape;
    if (isConv(op.kind))
      return {
        count: parameters(op) * shape[0]! * elementCount(shape.slice(2)),
        why: "adds one per output for the bias",
      };
    if (isConvTranspose(op.kind))
      return {
        count: parameters(op) * shape[0]! * elementCount(shape.slice(2)),
        why: "counts a transposed convolution at its output positions (stride² too high), bias included",
      };
    switch (op.kind) {
      case "linear":
        if (module === "Conv1D")
          return {
            count: batch * shape[shape.length - 1]! * parameters(op),
            why: "takes Conv1D for a convolution and its width for positions",
          };
        if (oncePerSample)
          return {
            count: batch * parameters(op),
            why: "counts a linear layer once for each sample, however many tokens",
          };
        return { count: op.macs + (op.extras.bias ?? 0), why: "adds one per output for the bias" };
      case "embedding":
        if (module === withoutBatch)
          return { count: shape[0]! * parameters(op), why: "counts the table of positions for each token" };
        return { count: batch * parameters(op), why: "counts an embedding's whole table for each sample" };
      case "batchNorm":
      case "layerNorm":
      case "rmsNorm":
      case "groupNorm":
        return { count: batch * parameters(op), why: "counts a norm's parameters for each sample" };
      case "lstm":
      case "gru": {
        const { tokens } = op.attributes as { tokens: number };
        return { count: batch * tokens * parameters(op), why: "counts all weights and biases at each step" };
      }
      case "add":
        return module === withoutBatch
          ? {
              count: shape[shape.length - 2]! * parameters(op),
              why: "counts the table of position biases for each query",
            }
          : { count: 0 };
      default:
        return {
          count: 0,
          why: op.macs ? "sees only modules with parameters: no product of two activations" : undefined,
        };
    }
  };

/** The repository after release 1.8.0, where linear layers are counted for every token. */
export const torchinfoTool: Tool = { unit: "MACs", version: "torchinfo after 1.8.0", rule: rule(false) };
/** The release that pip installs. */
export const torchinfo180Tool: Tool = { unit: "MACs", version: "torchinfo 1.8.0", rule: rule(true) };
