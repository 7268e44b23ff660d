// Models that run one after another as one model: each under a name, some of them more than once.
import { modelCost, type Model, type Node } from "../model.js";
import { shown } from "../check.js";

/** A model of a pipeline. */
export interface Stage {
  /** The name that its paths begin with. */
  readonly name: string;
  /** What runs. */
  readonly model: Model;
  /** How often it runs; 0: its parameters are there alone. */
  readonly times: number;
}

/** More nodes than a pass of any model has, so that a slip of a digit is refused before it fills the memory. */
const mostNodes = 2_000_000;

/** `stages` in order as one model. Weights are read in each run, and are parameters once. */
export function pipeline(
  name: string,
  stages: readonly Stage[],
  { workload, source }: Pick<Model, "workload" | "source">,
): Model {
  const runs = stages.reduce((sum, { model, times }) => sum + model.nodes.length * times, 0);
  if (runs > mostNodes) throw new RangeError(`${name}: steps must make at most ${mostNodes} ops, got ${shown(runs)}`);
  const nodes: Node[] = [];
  let idleParams = 0;
  for (const stage of stages) {
    const { model, times } = stage;
    idleParams += times === 0 ? modelCost(model).params : (model.idleParams ?? 0);
    for (let run = 0; run < times; run++) {
      const from = nodes.length;
      const at = times === 1 ? stage.name : `${stage.name}/step.${run}`;
      const owner = times === 1 ? stage.name : `${stage.name}/step.0`;
      for (const node of model.nodes) nodes.push(placed(node, { from, at, owner, again: run > 0 }));
    }
  }
  return { name, nodes, workload, source, ...(idleParams > 0 ? { idleParams } : {}) };
}

/** `node` in a run that starts at node `from`; in a later run its weights are those of the first. */
function placed(
  node: Node,
  { from, at, owner, again }: { from: number; at: string; owner: string; again: boolean },
): Node {
  const path = `${at}/${node.path}`;
  const reads = node.reads === undefined ? {} : { reads: node.reads.map((read) => read + from) };
  const own = node.sharedWeights ?? (again && node.op.weights.length > 0 ? node.path : undefined);
  return { ...node, path, ...reads, ...(own === undefined ? {} : { sharedWeights: `${owner}/${own}` }) };
}
