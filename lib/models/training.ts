// A training step: the forward pass, then the backward ops of every layer from the last to the first.
import type { Model, Node } from "../model.js";
import { backward } from "../ops/index.js";

/** A node of a model that is being written. */
export interface LayerNode extends Node {
  /**
   * Whether it reads the model's own input (an image, a spectrogram), whose gradient nobody asks for; default false.
   */
  readonly leafInput?: boolean;
}

/**
 * The backward ops of `nodes`, last layer first, each under its layer's path + "/backward". Layers that read the
 * model's input have no input gradient, so the ratio backward / forward of the contractions stays below 2. Parameters
 * are those of the forward pass and are not counted again. Neglected: the loss, dropout masks, the optimizer step.
 */
function backwardNodes(nodes: readonly LayerNode[]): Node[] {
  return [...nodes].reverse().flatMap(({ path, op, module, leafInput, detached }) =>
    detached === true
      ? []
      : backward(op, { inputGradient: leafInput !== true }).map((gradient) => ({
          path: `${path}/backward`,
          op: gradient,
          sharedWeights: path,
          ...(module === undefined ? {} : { module }),
        })),
  );
}

/** The nodes of a training step's forward pass; all of them where there is no other. */
export function forwardNodes({ nodes }: Model): readonly LayerNode[] {
  const firstGradient = nodes.findIndex(({ path }) => path.endsWith("/backward"));
  return firstGradient < 0 ? nodes : nodes.slice(0, firstGradient);
}

/** `model` (one forward pass) as a training step. */
export function trainingStep(model: Model): Model {
  return {
    ...model,
    nodes: [...model.nodes, ...backwardNodes(model.nodes)],
    workload: { ...model.workload, phase: "train" },
  };
}
