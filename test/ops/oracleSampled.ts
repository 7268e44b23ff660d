// Naive loops of layers that read between positions, every tap found by its place as PyTorch finds it, and of the
// Fourier transform.
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

/** What lies between four positions of a plane: each weighed and added. */
function sample(c: Counter, x: Traced, at: readonly number[], y: number, width: number): number {
  let sum: number | undefined;
  for (const [i, j] of indices([2, 2])) {
    const [rows, columns] = x.shape.slice(2) as [number, number];
    const value = x.get(...at, Math.min(rows - 1, Math.floor(y) + i!), Math.min(columns - 1, Math.floor(width) + j!));
    const product = c.mul(value, 0.25);
    sum = sum === undefined ? product : c.add(sum, product);
  }
  return sum!;
}

/** Bilinear samples at the places of a grid. */
export function gridSampleLoop(
  size: readonly [number, number],
  grid: readonly [number, number],
  { batch, channels }: { batch: number; channels: number },
): Counter {
  const c = new Counter();
  const x = new Traced([batch, channels, ...size], 1);
  for (const [b, channel, i, j] of indices([batch, channels, ...grid]))
    sample(c, x, [b!, channel!], (i! * (size[0] - 1)) / grid[0], (j! * (size[1] - 1)) / grid[1]);
  return c;
}

/** A convolution at stride 1 whose taps are sampled, by a mask and with a bias. */
export function deformLoop(
  size: readonly [number, number],
  kernel: readonly [number, number],
  {
    batch,
    inChannels,
    outChannels,
    groups,
  }: { batch: number; inChannels: number; outChannels: number; groups: number },
): Counter {
  const c = new Counter();
  const x = new Traced([batch, inChannels, ...size], 1);
  const perGroup = inChannels / groups;
  for (const [b, i, j] of indices([batch, size[0] - kernel[0] + 1, size[1] - kernel[1] + 1])) {
    // All samples of a place are taken once, for all output channels.
    const columns = [...indices([inChannels, ...kernel])].map(([channel, k, l]) =>
      c.mul(sample(c, x, [b!, channel!], i! + k! * 0.9, j! + l! * 0.9), 0.5),
    );
    for (let o = 0; o < outChannels; o++) {
      const first = Math.floor(o / (outChannels / groups)) * perGroup * kernel[0] * kernel[1];
      let sum = 0;
      for (let t = 0; t < perGroup * kernel[0] * kernel[1]; t++) sum = c.mac(sum, columns[first + t]!, 0.1);
      c.add(sum, 1);
    }
  }
  return c;
}

type Complex = readonly [number, number];

/** Cooley and Tukey's transform by halves, of a power of two; checked against the sum that defines it. */
export function fftLoop(batch: number, n: number): Counter {
  const c = new Counter();
  const by = (a: Complex, b: Complex): Complex => [
    c.sub(c.mul(a[0], b[0]), c.mul(a[1], b[1])),
    c.add(c.mul(a[0], b[1]), c.mul(a[1], b[0])),
  ];
  const turn = (k: number, of: number): Complex => [
    Math.cos((-2 * Math.PI * k) / of),
    Math.sin((-2 * Math.PI * k) / of),
  ];
  const transform = (x: readonly Complex[]): Complex[] => {
    if (x.length === 1) return [...x];
    const even = transform(x.filter((_, i) => i % 2 === 0));
    const odd = transform(x.filter((_, i) => i % 2 === 1)).map((v, k) => by(v, turn(k, x.length)));
    return [
      ...even.map((v, k): Complex => [c.add(v[0], odd[k]![0]), c.add(v[1], odd[k]![1])]),
      ...even.map((v, k): Complex => [c.sub(v[0], odd[k]![0]), c.sub(v[1], odd[k]![1])]),
    ];
  };
  const x = Array.from({ length: n }, (_, i): Complex => [Math.sin(i), Math.cos(3 * i)]);
  for (let b = 0; b < batch; b++)
    transform(x).forEach((got, k) => {
      const sum = x.reduce<Complex>(
        (s, [re, im], i) => {
          const [cos, sin] = turn(i * k, n);
          return [s[0] + re * cos - im * sin, s[1] + re * sin + im * cos];
        },
        [0, 0],
      );
      if (Math.hypot(got[0] - sum[0], got[1] - sum[1]) > 1e-9) throw new Error(`oracle: transform ${k} is wrong`);
    });
  return c;
}
