// Naive loops of layers that read between positions. Every tap is found by its place, as PyTorch finds it.
import { Counter, indices, Traced } from "./oracle.js";

export interface ResizeCase {
  size: number[];
  out: number[];
  /** Half the positions that a value is found from, where nothing is made smaller: 1 is linear, 2 is cubic. */
  support: number;
}

/**
 * The positions of x that output `o` is found from, half a pixel apart, their number not cut at the edges: `support`
 * on either side, more where `antialias` makes x smaller.
 */
function positions(o: number, size: number, out: number, support: number): number[] {
  const scale = size / out;
  const reach = support * Math.max(1, scale);
  const centre = (o + 0.5) * scale - 0.5;
  // Nearer than `reach`, on one side alone where both are as near.
  const margin = Math.ceil(reach) + 1;
  return Array.from({ length: size + 2 * margin }, (_, i) => i - margin).filter(
    (p) => p - centre > -reach && p - centre <= reach,
  );
}

/** A resize with antialiasing: each tap a product, and a sum but for the first. */
export function resizeLoop(
  { size, out, support }: ResizeCase,
  { batch, channels }: { batch: number; channels: number },
): { macs: number; flops: number; y: Traced } {
  const c = new Counter();
  const x = new Traced([batch, channels, ...size], 1);
  const y = new Traced([batch, channels, ...out], 0);
  const clamp = (p: number, d: number): number => Math.min(size[d]! - 1, Math.max(0, p));
  for (const [b, channel, ...place] of indices(y.shape)) {
    const taps = place.map((o, d) => (size[d] === out[d] ? [o] : positions(o, size[d]!, out[d]!, support)));
    let sum: number | undefined;
    for (const tap of indices(taps.map((list) => list.length))) {
      const value = x.get(b!, channel!, ...tap.map((t, d) => clamp(taps[d]![t]!, d)));
      const product = taps.every((list) => list.length === 1) ? value : c.mul(value, 0.5);
      sum = sum === undefined ? product : c.add(sum, product);
    }
    y.set([b!, channel!, ...place], sum!);
  }
  return { macs: 0, flops: c.flops, y };
}
