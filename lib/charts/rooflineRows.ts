// What a roofline is drawn from: devices and points as plain rows, and what must hold of their numbers.
import { checkNumbers, checkRows } from "./rows.js";

/**
 * What a roofline needs of a device: FLOP/s by name, byte/s, and for a measured machine the byte/s of each memory
 * level: of whole lines where they are known, since no code gets more.
 */
export interface RooflineDevice {
  readonly name: string;
  readonly peakFlops: Readonly<Partial<Record<string, number>>>;
  readonly bandwidth: number;
  readonly levels?: readonly { readonly level: string; readonly read: number; readonly lines?: number }[];
}

/**
 * `flops`: FLOP/s reached (default: on the first roof). `lowFlops`, `highFlops`: the ends of a band, up to the point
 * unless told otherwise. `measured`: drawn as a diamond.
 */
export interface RooflinePoint {
  readonly name: string;
  readonly arithmeticIntensity: number;
  readonly flops?: number;
  readonly lowFlops?: number;
  readonly highFlops?: number;
  readonly bound?: "compute" | "memory" | "overhead";
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
