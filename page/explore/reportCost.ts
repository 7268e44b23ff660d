// What a model costs, as facts and a table of its parts.
import { binary, bytesMoved, costByPath, estimate, formatTime, si, table, type Explored } from "../../lib/browser.js";
import type { Grid, Section } from "./messages.js";

type Fact = readonly [name: string, value: string];

/** "8,030,261,248 (8.03 G)". */
const counted = (n: number, unit = ""): string => {
  const exact = `${n.toLocaleString("en-US", { maximumFractionDigits: 20 })}${unit && ` ${unit}`}`;
  return n < 1e4 ? exact : `${exact} (${si(n, unit)})`;
};

/** "16,060,522,496 B (15.0 GiB)". */
export const bytes = (n: number): string => `${n.toLocaleString("en-US")} B${n < 1024 ? "" : ` (${binary(n)})`}`;

/** A workload as "batch 1, tokens 128". */
export const described = (workload: Readonly<Record<string, unknown>>): string =>
  Object.entries(workload)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join("x") : String(value)}`)
    .join(", ");

const lineNames: Readonly<Record<string, string>> = {
  weights: "weights",
  kvCache: "keys and values",
  state: "recurrent state",
  activations: "activations",
  peakActivations: "activations",
  gradients: "gradients",
  gatheredWeights: "weights gathered for a block",
  optimizerState: "optimizer state",
  masterWeights: "master weights in fp32",
  backward: "backward pass beyond them",
  reserve: "kept free",
};

/** What a line of a ledger is called. */
export const lineName = (line: string): string => lineNames[line] ?? line;

/** More rows than a reader reads. */
const mostRows = 400;

/** Costs by the first `depth` names of paths; with a device also each part's bound. */
export function partsSection({ model, device, roofline }: Explored, depth: number): Section | undefined {
  if (!model || model.nodes.length === 0) return undefined;
  const dtype = roofline?.record?.dtype;
  const parts = costByPath(model, depth).map(({ path, ops, cost }) => {
    const part = device && typeof dtype === "string" ? estimate(cost, device, dtype) : undefined;
    return {
      part: path,
      ops,
      parameters: cost.params,
      MACs: si(cost.macs),
      FLOPs: si(cost.flops),
      moved: Number.isNaN(cost.bytesRead) ? "not known" : si(bytesMoved(cost), "B"),
      ...(part ? { "FLOP/B": part.arithmeticIntensity, "at least": formatTime(part.seconds), bound: part.bound } : {}),
    };
  });
  const { columns, rows, alignRight } = table(parts);
  const alike = joined(rows);
  const left = alike.length - mostRows;
  return {
    heading: "Its parts",
    facts: [],
    notes: left > 0 ? [`The table shows the first ${mostRows} rows, and leaves out ${left}.`] : [],
    grids: [{ columns, rows: alike.slice(0, mostRows), alignRight }],
  };
}

/** Rows that follow one another and differ in their names alone, as one. */
export function joined(rows: readonly (readonly string[])[]): string[][] {
  const found: { first: readonly string[]; last: readonly string[]; times: number }[] = [];
  for (const row of rows) {
    const before = found.at(-1);
    if (before && before.first.every((text, i) => i === 0 || text === row[i])) {
      before.last = row;
      before.times++;
    } else found.push({ first: row, last: row, times: 1 });
  }
  return found.map(({ first, last, times }) =>
    times === 1 ? [...first] : [`${first[0]} to ${last[0]}, each of ${times}`, ...first.slice(1)],
  );
}

/** The section of `count`: totals, what is stored, what is missing, what another tool says. */
export function costSection(found: Explored): Section {
  const { count, model, file } = found;
  const heading = "What it costs";
  const { error, record } = count;
  if (error !== undefined) return { heading, error, facts: [], notes: [], grids: [] };
  const notes: string[] = [];
  if (typeof record.note === "string") notes.push(`${record.note}.`);
  const stored: Fact[] = file
    ? [
        ["file", `${file.format}, ${file.tensors.length} tensors${file.architecture ? `, ${file.architecture}` : ""}`],
        ["stored numbers", counted(file.params)],
        ["stored bytes", bytes(file.bytes)],
        [
          "by dtype",
          Object.entries(file.bytesByDtype)
            .map(([dtype, n]) => `${dtype} ${si(n, "B")}`)
            .join(", "),
        ],
      ]
    : [];
  if (model === undefined) {
    notes.push("MACs, FLOPs and traffic need a configuration: give the model's config.json with the file.");
    if (file?.why !== undefined) notes.push(`The file tells none: ${file.why}`);
    return { heading, facts: stored, notes, grids: [] };
  }
  const differences = (record.differences as string[] | undefined) ?? [];
  notes.push(...differences.slice(0, 8).map((text) => `File and model differ: ${text}`));
  if (differences.length > 8) notes.push(`File and model differ in ${differences.length - 8} places more.`);
  const grids: Grid[] = [];
  const uncounted = (record.uncounted as { path: string; opType: string; why: string }[] | undefined) ?? [];
  if (uncounted.length > 0)
    grids.push(
      gridOf(
        "Not counted, so missing above",
        uncounted.slice(0, mostRows).map(({ path, opType, why }) => ({
          node: path,
          kind: opType,
          why,
        })),
      ),
    );
  const other = otherTool(record);
  if (other.note) notes.push(other.note);
  if (other.grid) grids.push(other.grid);
  return { heading, facts: [...totals(found, uncounted.length === 0), ...stored], notes, grids };
}

function gridOf(title: string, records: readonly object[]): Grid {
  const { columns, rows, alignRight } = table(records);
  return { title, columns, rows, alignRight };
}

/** `whole`: whether no node is missing from the totals. */
function totals({ count, model }: Explored, whole: boolean): Fact[] {
  const told = count.record as Readonly<Record<string, number>>;
  const { params, activeParams, macs, exactMacs, flops, bytesRead, bytesWritten, weightBytes, arithmeticIntensity } =
    told as Record<"params" | "activeParams" | "macs" | "exactMacs" | "flops", number> &
      Record<"bytesRead" | "bytesWritten" | "weightBytes" | "arithmeticIntensity", number>;
  const least = (n: number, text: string): string => {
    if (whole) return text;
    return n > 0 ? `at least ${text}` : "not known";
  };
  const arithmetic: Fact[] = [
    ["parameters", counted(params)],
    ...(activeParams === params ? [] : [["active parameters", counted(activeParams)] as const]),
    ["MACs", least(macs, counted(macs))],
    ...(exactMacs === macs ? [] : [["MACs that the mask leaves", counted(exactMacs)] as const]),
    ["FLOPs", least(flops, counted(flops))],
  ];
  if (model!.unpriced !== undefined) return [...arithmetic, ["bytes", `not known: ${model!.unpriced}`]];
  return [
    ...arithmetic,
    ["bytes read", least(bytesRead, `${bytes(bytesRead)}, of these weights ${binary(weightBytes)}`)],
    ["bytes written", least(bytesWritten, bytes(bytesWritten))],
    ["arithmetic intensity", `${arithmeticIntensity.toPrecision(4)} FLOP/B${whole ? "" : ", of what is counted"}`],
  ];
}

interface Told {
  readonly tool: string;
  readonly version: string;
  readonly unit: string;
  readonly value?: number;
  readonly ours: number;
  readonly terms: readonly { readonly term: string; readonly count: number; readonly why: string }[];
  readonly crash?: string;
  readonly unstudied?: string;
}

/** What another tool says of the model, and why it differs. */
function otherTool({ as }: Readonly<Record<string, unknown>>): { note?: string; grid?: Grid } {
  if (as === undefined) return {};
  const { tool, version, unit, value, ours, terms, crash, unstudied } = as as Told;
  if (crash !== undefined) return { note: `${tool} ${version} fails: ${crash}` };
  if (unstudied !== undefined) return { note: `${tool} ${version} has no figure: ${unstudied}` };
  const note = `${tool} ${version} says ${counted(value!)} ${unit}; here it is ${counted(ours)} ${unit}.`;
  if (terms.length === 0) return { note };
  const rows = terms.map(({ term, count, why }) => ({ difference: count, op: term, why }));
  return { note, grid: gridOf(`Where ${tool} differs`, rows) };
}
