// A roofline in words: roofs, bandwidths, ridge point and points, for who hears the chart or gets its text.
import type { Roof } from "./rooflineLabels.js";
import type { RooflineDevice, RooflinePoint } from "./rooflineRows.js";
import { formatted } from "./text.js";

export function describeRoofline(
  devices: readonly RooflineDevice[],
  roofs: readonly Roof[],
  ridge: number,
  points: readonly (RooflinePoint & { flops: number })[],
  bound: (p: RooflinePoint) => string,
): string {
  const names = devices.map((d) => d.name).join(", ");
  const peaks = roofs.map((r) => `${r.label} ${formatted(r.peak, "si", "FLOP/s", 4)}`).join(", ");
  const bandwidths = devices.map((d) => formatted(d.bandwidth, "si", "B/s")).join(", ");
  const pointTexts = points.map((p) => {
    const intensity = `${formatted(p.arithmeticIntensity)} FLOP/byte`;
    const reason = p.measured ? "measured" : `${bound(p)}-bound`;
    return `${p.name} at ${intensity}, ${formatted(p.flops, "si", "FLOP/s")} (${reason})`;
  });
  const lines = `Roofs: ${peaks}; bandwidth ${bandwidths}; ridge point ${formatted(ridge)} FLOP/byte.`;
  return `Roofline of ${names}. ${lines}${points.length ? ` Points: ${pointTexts.join("; ")}.` : ""}`;
}
