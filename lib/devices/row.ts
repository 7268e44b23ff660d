// How the table's rows are written, and how a row becomes a Device. No figures here.
import type { DType } from "../dtype.js";
import type { Device, Source } from "../roofline.js";
import { sources, type SourceKey } from "./sources.js";

/**
 * A figure: its value in SI base units, the key of its source, and what is to be said of it. Status is "read" unless
 * stated.
 */
type Figure = readonly [
  value: number,
  source: SourceKey,
  remarks?: { status?: Source["status"]; doubt?: string; note?: string },
];

export interface DeviceRow {
  name: string;
  kind: Device["kind"];
  /** Dense FLOP/s (integer formats: OP/s); fp32 is the vector units' peak. */
  peakFlops: Partial<Record<DType, Figure>>;
  /** Byte/s of main memory. */
  bandwidth: Figure;
  /** Bytes. */
  memory?: Figure;
  /** Watt. */
  tdp?: Figure;
  /** Bytes of on-chip memory by name; a name that ends in "per_SM" or "per_core" is for one of them. */
  caches?: Record<string, Figure>;
  note?: string;
}

/** The Device of a row, with the source of every figure under the figure's path. */
export function describe(id: string, row: DeviceRow): Device {
  const cited: Record<string, Source> = {};
  const take = (path: string, [value, source, { status = "read", doubt, note } = {}]: Figure): number => {
    cited[path] = { text: sources[source], status, ...(doubt ? { doubt } : {}), ...(note ? { note } : {}) };
    return value;
  };
  const map = (path: string, figures: Record<string, Figure>) =>
    Object.fromEntries(Object.entries(figures).map(([k, f]) => [k, take(`${path}.${k}`, f)]));
  return {
    id,
    name: row.name,
    kind: row.kind,
    peakFlops: map("peakFlops", row.peakFlops as Record<string, Figure>),
    bandwidth: take("bandwidth", row.bandwidth),
    ...(row.memory ? { memory: take("memory", row.memory) } : {}),
    ...(row.tdp ? { tdp: take("tdp", row.tdp) } : {}),
    ...(row.caches ? { caches: map("caches", row.caches) } : {}),
    ...(row.note ? { note: row.note } : {}),
    sources: cited,
  };
}
