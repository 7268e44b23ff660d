// What a roofline is drawn from: devices and points as plain rows, and what must hold of their numbers.
import { checkNumbers, checkRows } from "./rows.js";

/** What a roofline needs of a level of memory. */
export interface RooflineLevel {
  /** Its label: "L2". */
  readonly level: string;
  /** Byte/s that are loaded. */
  readonly read: number;
  /** Byte/s of the lines touched: drawn in place of `read` where it is known, since no code gets more. */
  readonly lines?: number;
}

/** What a roofline needs of a device; every Device has it. */
export interface RooflineDevice {
  /** In the title and in the legend. */
  readonly name: string;
  /** FLOP/s by dtype. */
  readonly peakFlops: Readonly<Partial<Record<string, number>>>;
  /** Byte/s of main memory. */
  readonly bandwidth: number;
  /** Levels of memory, innermost first, main memory last; each gets a slope of its own. Default none. */
  readonly levels?: readonly RooflineLevel[];
}

/** One point under the roof. */
export interface RooflinePoint {
  /** Its label. */
  readonly name: string;
  /** FLOP/byte. */
  readonly arithmeticIntensity: number;
  /** FLOP/s reached; default on the first roof. */
  readonly flops?: number;
  /** FLOP/s at the lower end of a band; default the point. */
  readonly lowFlops?: number;
  /** FLOP/s at the upper end of a band; default the point. */
  readonly highFlops?: number;
  /** What limits it, shown by its colour; default by its side of the ridge point. */
  readonly bound?: "compute" | "memory" | "overhead";
  /** Drawn as a diamond: a time was taken; default false. */
  readonly measured?: boolean;
}

/** Throws unless every device has a positive bandwidth and every point a positive place. */
export function checkRoofline(devices: readonly RooflineDevice[], points: readonly RooflinePoint[]): void {
  const who = "rooflineChart";
  if (points.length)
    checkRows(who, points, ["arithmeticIntensity"], {
      optional: ["flops", "lowFlops", "highFlops"],
      positive: ["arithmeticIntensity", "flops", "lowFlops", "highFlops"],
    });
  checkNumbers(who, "device", devices, ["bandwidth"], { positive: ["bandwidth"] });
  for (const d of devices)
    checkNumbers(`${who}: ${d.name}`, "level", d.levels ?? [], ["read"], {
      optional: ["lines"],
      positive: ["read", "lines"],
    });
}
