// What `count` answers, as a record.
import { toolNamed } from "../convention/index.js";
import { countAs, type ToolCount } from "../convention.js";
import type { TensorFile } from "../import/tensorFile.js";
import { costByPath, type Model } from "../model.js";
import { integer } from "./integer.js";
import { shortfallFigures } from "./shortfallFigures.js";
import type { Counted } from "./source.js";
import { modelMemory, modelTotals, type Memory } from "./totals.js";
import type { Options } from "./workload.js";

const who = "count";

/** What else is asked of a count, as a reader types it. */
export const countingOptions = {
  /** Another tool, whose figure is told as well. */
  as: "string",
  /** Parts of paths by which costs are summed. */
  depth: "string",
} as const;
export type CountTexts = Options<typeof countingOptions>;

/** What else is asked of a count: another tool's name, and how deep the parts are. */
export interface CountOptions {
  readonly as?: string;
  readonly depth?: number;
}

export const countOptions = ({ as, depth }: CountTexts): CountOptions => ({
  depth: depth === undefined ? undefined : integer(who, "depth", depth, 0),
  as: as === undefined ? undefined : toolNamed(who, "--as", as),
});

/** What else is told of a count. */
export interface CountMore {
  tool?: ToolCount;
  depth?: number;
}

/** Throws where a header alone is asked for what only a model has. */
export function countMore({ model }: Counted, { as, depth }: CountOptions): CountMore {
  if (model !== undefined) return { tool: as === undefined ? undefined : countAs(as, model), depth };
  if (as === undefined && depth === undefined) return {};
  const option = as !== undefined ? "as" : "depth";
  const got = "a header without a configuration";
  throw new RangeError(`${who}: --${option} must be asked of a model that can be counted, got ${got}`);
}

/** What `--json` prints. Counts that a header alone cannot tell are null. */
export function countRecord(found: Counted, { tool, depth }: CountMore): Record<string, unknown> {
  const { model, file, differences, note } = found;
  const head = {
    name: found.name,
    ...(model ? { model: model.name, workload: model.workload, source: model.source } : {}),
  };
  const stored = { ...(file ? { file: fileFigures(file) } : {}), ...(note === undefined ? {} : { note }) };
  if (!model)
    return {
      ...head,
      params: file!.params,
      activeParams: null,
      macs: null,
      flops: null,
      bytesRead: null,
      bytesWritten: null,
      weightBytes: file!.bytes,
      ...stored,
    };
  return {
    ...head,
    ...modelTotals(model),
    memory: model.unpriced === undefined ? memoryFigures(modelMemory(model)) : null,
    ...(model.unpriced === undefined ? {} : { unpriced: model.unpriced }),
    ...stored,
    ...shortfallFigures(found),
    ...(differences ? { differences } : {}),
    ...(tool ? { as: tool } : {}),
    ...(depth === undefined ? {} : { parts: partFigures(model, depth) }),
  };
}

const memoryFigures = ({ lines: held, notComputed }: Memory) => ({
  ...held,
  ...(notComputed === undefined ? {} : { notComputed }),
});

const partFigures = (model: Model, depth: number) =>
  costByPath(model, depth).map(({ path, cost, ops }) => ({ path, ops, ...cost }));

const fileFigures = (file: TensorFile) => ({
  format: file.format,
  params: file.params,
  bytes: file.bytes,
  bytesByDtype: file.bytesByDtype,
  paramsByDtype: file.paramsByDtype,
  tensors: file.tensors.length,
  architecture: file.architecture,
});
