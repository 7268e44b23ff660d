// What a table shows of devices' peaks, and where the figures come from: by number, since one source holds many.
import { device } from "../devices.js";
import { ridgePoint } from "../roofline.js";
import { si } from "../units.js";

/** Ids of devices, each with the dtypes to be shown. */
export type PeakList = Readonly<Record<string, readonly string[]>>;

/** One peak of one device, as a table shows it. */
export interface PeakRow {
  /** The device's name. */
  readonly device: string;
  /** Which of its peaks. */
  readonly dtype: string;
  /** Dense, with its prefix: "989 TFLOP/s". */
  readonly peak: string;
  /** Of main memory, with its prefix. */
  readonly bandwidth: string;
  /** FLOP/byte. */
  readonly "ridge point": string;
  /** Number of its source in `peakSources` of the same list. */
  readonly source: string;
}

const sourceOf = (id: string, dtype: string): string => device(id).sources[`peakFlops.${dtype}`]!.text;

const pairsOf = (list: PeakList): (readonly [string, string])[] =>
  Object.entries(list).flatMap(([id, dtypes]) => dtypes.map((dtype) => [id, dtype] as const));

const textsOf = (list: PeakList): string[] => [...new Set(pairsOf(list).map(([id, dtype]) => sourceOf(id, dtype)))];

/** Rows for a table of dense peaks. Throws a RangeError for a device or dtype that the table of devices has not. */
export function peakRows(list: PeakList): PeakRow[] {
  const texts = textsOf(list);
  return pairsOf(list).map(([id, dtype]) => {
    const d = device(id);
    return {
      device: d.name.replace("NVIDIA ", ""),
      dtype,
      peak: si(d.peakFlops[dtype as "bf16"]!, "FLOP/s"),
      bandwidth: si(d.bandwidth, "B/s"),
      "ridge point": ridgePoint(d, dtype).toFixed(1),
      source: `[${texts.indexOf(sourceOf(id, dtype)) + 1}]`,
    };
  });
}

/** The sources of `peakRows(list)`, each once, under its number. */
export const peakSources = (list: PeakList): { readonly number: string; readonly source: string }[] =>
  textsOf(list).map((source, i) => ({ number: `[${i + 1}]`, source }));
