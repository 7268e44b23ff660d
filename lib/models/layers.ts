// How a model is written down: each call records one op under its path and returns the activation that flows on.
// Families (resnet.ts, bert.ts, …) decide what is called; the calls are in planeLayers.ts, rowLayers.ts and
// elementLayers.ts.
import type { Model } from "../model.js";
import { elementLayers } from "./elementLayers.js";
import { planeLayers } from "./planeLayers.js";
import { rowLayers } from "./rowLayers.js";
import { flatten, sheet, type Activation, type SheetOptions } from "./sheet.js";
import { trainingStep } from "./training.js";

export { modelInput, view, type Activation } from "./sheet.js";

/** What a sheet of layers is for. */
export interface LayersContext extends SheetOptions {
  /** The model's name. */
  name: string;
  /** What the model is run on, as it stands in the finished model. */
  workload: Readonly<Record<string, unknown>>;
}
export type Layers = ReturnType<typeof layers>;

/** A sheet to write a model on. Paths are PyTorch's module paths, "/" for depth and "." before a number. */
export function layers({ name, phase, precision, fusedAttention, workload }: LayersContext) {
  const page = sheet({ phase, precision, fusedAttention });
  const { nodes } = page;
  return {
    phase,
    ...planeLayers(page),
    ...rowLayers(page),
    ...elementLayers(page),
    flatten,

    /**
     * What `write` puts under `path` for `x`, a block of a stack. Blocks are alike where `key` and the shape of x are:
     * the first is written, the others are copies of its nodes. Nothing else may tell them apart.
     */
    repeat(key: string, path: string, x: Activation, write: (path: string, x: Activation) => Activation): Activation {
      return page.repeat(`${key} ${x.shape.join(" ")}`, path, x, write);
    },

    /** What `write` puts under `path`, its parameters those that stand under `owner`. */
    sharing<T>(path: string, owner: string, write: () => T): T {
      const from = nodes.length;
      const result = write();
      for (let i = from; i < nodes.length; i++) {
        const node = nodes[i]!;
        if (node.op.weights.length > 0) nodes[i] = { ...node, sharedWeights: owner + node.path.slice(path.length) };
      }
      return result;
    },

    /** The finished model. `idleParams`: parameters that this workload does not read. */
    model(source: string, idleParams = 0): Model {
      const model: Model = { name, nodes, workload, source, ...(idleParams > 0 ? { idleParams } : {}) };
      return phase === "train" ? trainingStep(model) : model;
    },
  };
}
