// What a device's memory must hold: a ledger whose lines sum to the total, and bars against what the device has.
import { binary, horizontalBarChart, svgText, type Explored } from "../../lib/browser.js";
import type { Drawing, Section } from "./messages.js";
import { bytes, lineName } from "./reportCost.js";

/** The section of `fits`; undefined where no device was named. */
export function fitsSection({ fits, device }: Explored, { document, width }: Drawing): Section | undefined {
  if (fits === undefined) return undefined;
  const heading = "Does it fit";
  const { error, record } = fits;
  if (error !== undefined) return { heading, error, facts: [], notes: [], grids: [] };
  const ledger = record.ledger as Readonly<Record<string, number>>;
  const needed = Number(record.needed);
  const memory = Number(record.memory);
  const { maxBatch, maxContext } = record as { maxBatch: number | null; maxContext: number | null };
  const rows = Object.entries(ledger).map(([line, n]) => [lineName(line), bytes(n)]);
  const chart = horizontalBarChart(
    [
      ...Object.entries(ledger).map(([line, value]) => ({ name: lineName(line), value, family: "a line" })),
      { name: "sum", value: needed, family: "the sum" },
    ],
    {
      title: `Memory of one ${device?.name ?? "device"}`,
      unit: "B",
      xFormat: "si",
      rules: [{ value: memory, label: "device memory" }],
      width,
    },
  );
  const phase = (record.workload as { phase?: string }).phase;
  const left = [ledger.reserve ? "" : "the runtime's own memory", "fragmentation"].filter(Boolean).join(", ");
  return {
    heading,
    facts: [
      ["verdict", verdictOf(record)],
      ...(maxBatch === null ? [] : [["largest batch", maxBatch.toLocaleString("en-US")] as const]),
      ...(maxContext === null ? [] : [["longest context", anyOr(maxContext)] as const]),
    ],
    notes: [`Not in the sum: ${left}${phase === "train" ? ", communication buffers" : ""}.`],
    grids: [
      {
        columns: ["line", "bytes"],
        rows: [...rows, ["sum", bytes(needed)], ["device memory", bytes(memory)]],
        alignRight: [false, true],
      },
    ],
    picture: svgText(chart, document),
  };
}

const anyOr = (n: number): string => (n === Infinity ? "any" : n.toLocaleString("en-US"));

/** Whether it fits, in words. */
export function verdictOf(record: Readonly<Record<string, unknown>>): string {
  const headroom = Number(record.headroom);
  if (record.fits === null) return "not known whether it fits, as not all is counted";
  return headroom >= 0 ? `fits, ${binary(headroom)} to spare` : `does not fit, ${binary(-headroom)} too much`;
}
