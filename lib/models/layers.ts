// How a model is written down: each call records one op under its path and returns the activation that flows on.
// Families (resnet.ts, bert.ts, …) decide what is called; the calls are in planeLayers.ts, rowLayers.ts and
// elementLayers.ts.
import type { Model } from "../model.js";
import type { Op } from "../op.js";
import { elementLayers } from "./elementLayers.js";
import { planeLayers } from "./planeLayers.js";
import { rowLayers } from "./rowLayers.js";
import { flatten, sheet, type Activation, type Mark, type SheetOptions } from "./sheet.js";
import { traced } from "./trace.js";
import { trainingStep } from "./training.js";

export type { Activation } from "./sheet.js";

export interface LayersContext extends SheetOptions {
  name: string;
  workload: Readonly<Record<string, unknown>>;
}
export type Layers = ReturnType<typeof layers>;

/** A sheet to write a model on. Paths are PyTorch's module paths, "/" for depth and "." before a number. */
export function layers({ name, phase, precision, fusedAttention, workload }: LayersContext) {
  const page = sheet({ phase, precision, fusedAttention });
  const { nodes } = page;
  return traced(nodes, {
    phase,
    ...planeLayers(page),
    ...rowLayers(page),
    ...elementLayers(page),
    flatten,

    /** Records an op that was made elsewhere; `_reads`: what flows into it, which the trace notes. */
    put(path: string, op: Op, _reads: readonly Activation[], mark: Mark = {}, shape?: readonly number[]): Activation {
      return page.put(path, op, mark, { shape });
    },

    /** The finished model. `idleParams`: parameters that this workload does not read. */
    model(source: string, idleParams = 0): Model {
      const model: Model = { name, nodes, workload, source, ...(idleParams > 0 ? { idleParams } : {}) };
      return phase === "train" ? trainingStep(model) : model;
    },
  });
}
