// A model's costs as rows for a table: one for each path down to a depth, and the total.
import { costByPath, modelCost, type Model } from "../model.js";
import { bytesMoved, totalCost, type Cost } from "../op.js";

/** Rows of parameters, MACs, FLOPs, bytes moved and share of MACs by path; parameters of no op stand as "(not run)". */
export function costRows(model: Model, depth: number): Record<string, unknown>[] {
  const groups = costByPath(model, depth);
  const total = modelCost(model);
  const named = totalCost(groups.map((g) => g.cost));
  const row = (path: string, c: Cost) => ({
    path,
    params: c.params,
    macs: c.macs,
    flops: c.flops,
    "bytes moved": bytesMoved(c),
    "share of macs": total.macs ? `${((100 * c.macs) / total.macs).toFixed(1)} %` : "",
  });
  return [
    ...groups.map((g) => row(g.path, g.cost)),
    ...(total.params > named.params ? [{ path: "(not run)", params: total.params - named.params }] : []),
    row(`total of ${model.name}`, total),
  ];
}
