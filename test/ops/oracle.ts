// The truth that formulas are held against: arithmetic that counts itself, and tensors that remember which elements
// were touched. Naive loops only; nothing here may import a formula from lib.

/**
 * Arithmetic on numbers, counted: FLOPs by kind, `multiplyAdds` of contractions apart, transcendentals apart (each is a
 * FLOP too).
 */
export class Counter {
  macs = 0;
  flops = 0;
  transcendentals = 0;
  private one<T>(value: T): T {
    this.flops++;
    return value;
  }
  private hard(value: number): number {
    this.transcendentals++;
    return this.one(value);
  }
  add = (a: number, b: number): number => this.one(a + b);
  sub = (a: number, b: number): number => this.one(a - b);
  mul = (a: number, b: number): number => this.one(a * b);
  div = (a: number, b: number): number => this.one(a / b);
  max = (a: number, b: number): number => this.one(a > b ? a : b);
  min = (a: number, b: number): number => this.one(a < b ? a : b);
  less = (a: number, b: number): boolean => this.one(a < b);
  exp = (a: number): number => this.hard(Math.exp(a));
  log = (a: number): number => this.hard(Math.log(a));
  tanh = (a: number): number => this.hard(Math.tanh(a));
  sqrt = (a: number): number => this.hard(Math.sqrt(a));
  erf = (a: number): number => this.hard(erf(a));
  /** One multiply-add of a contraction. */
  mac = (sum: number, a: number, b: number): number => {
    this.macs++;
    return sum + a * b;
  };
}

/** erf by its Maclaurin series, which converges everywhere and quickly for small arguments. */
function erf(x: number): number {
  let sum = 0;
  let term = x;
  for (let n = 0; n < 200 && Math.abs(term) > 1e-18; n++) {
    sum += term / (2 * n + 1);
    term *= (-x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** A dense tensor with reproducible values that remembers which elements were read and written. */
export class Traced {
  readonly values: Float64Array;
  readonly read = new Set<number>();
  readonly written = new Set<number>();
  constructor(
    readonly shape: readonly number[],
    seed = 1,
  ) {
    const n = shape.reduce((a, b) => a * b, 1);
    this.values = new Float64Array(n);
    if (seed !== 0) for (let i = 0; i < n; i++) this.values[i] = Math.sin(seed * 1000 + i * 12.9898);
  }
  at(index: readonly number[]): number {
    let flat = 0;
    for (let d = 0; d < this.shape.length; d++) {
      const i = index[d]!;
      if (!(i >= 0 && i < this.shape[d]!))
        throw new Error(`oracle: index ${index.join()} is outside ${this.shape.join()}`);
      flat = flat * this.shape[d]! + i;
    }
    return flat;
  }
  get(...index: number[]): number {
    const i = this.at(index);
    this.read.add(i);
    return this.values[i]!;
  }
  set(index: readonly number[], value: number): void {
    const i = this.at(index);
    this.written.add(i);
    this.values[i] = value;
  }
  accumulate(index: readonly number[], value: number): void {
    const i = this.at(index);
    this.written.add(i);
    this.values[i]! += value;
  }
}

/** All index tuples of a shape, in row-major order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  if (shape.some((n) => n <= 0)) return;
  for (;;) {
    yield [...index];
    let d = shape.length - 1;
    while (d >= 0 && ++index[d]! === shape[d]!) index[d--] = 0;
    if (d < 0) return;
  }
}

/** Acts once for every index tuple of a shape, whichever it is. */
export function forEachIndex(shape: readonly number[], act: () => void): void {
  [...indices(shape)].forEach(() => act());
}

/** C = A B, counted. */
export function matmulLoop(c: Counter, a: Traced, b: Traced): Traced {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  const y = new Traced([m, n], 0);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum = c.mac(sum, a.get(i, p), b.get(p, j));
      y.set([i, j], sum);
    }
  return y;
}
