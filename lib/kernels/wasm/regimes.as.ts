// Passes over an array in place whose arithmetic can be turned up, or fused: eight bytes an element, whatever is done.
import { madd } from "./simd.as";

/**
 * x = a·x + b, `steps` times on each element while it is in a register: twelve vectors side by side, as many as
 * `chains` has, so that memory or the units hold it up and no single chain does. n is a multiple of 48.
 */
export function multiplyAdds(x: usize, n: i32, steps: i32, a: f32, b: f32): void {
  const va = f32x4.splat(a);
  const vb = f32x4.splat(b);
  const end = x + ((<usize>n) << 2);
  for (let p = x; p < end; p += 192) {
    let v0 = v128.load(p);
    let v1 = v128.load(p, 16);
    let v2 = v128.load(p, 32);
    let v3 = v128.load(p, 48);
    let v4 = v128.load(p, 64);
    let v5 = v128.load(p, 80);
    let v6 = v128.load(p, 96);
    let v7 = v128.load(p, 112);
    let v8 = v128.load(p, 128);
    let v9 = v128.load(p, 144);
    let v10 = v128.load(p, 160);
    let v11 = v128.load(p, 176);
    for (let i = 0; i < steps; i++) {
      v0 = madd(v0, va, vb);
      v1 = madd(v1, va, vb);
      v2 = madd(v2, va, vb);
      v3 = madd(v3, va, vb);
      v4 = madd(v4, va, vb);
      v5 = madd(v5, va, vb);
      v6 = madd(v6, va, vb);
      v7 = madd(v7, va, vb);
      v8 = madd(v8, va, vb);
      v9 = madd(v9, va, vb);
      v10 = madd(v10, va, vb);
      v11 = madd(v11, va, vb);
    }
    v128.store(p, v0);
    v128.store(p, v1, 16);
    v128.store(p, v2, 32);
    v128.store(p, v3, 48);
    v128.store(p, v4, 64);
    v128.store(p, v5, 80);
    v128.store(p, v6, 96);
    v128.store(p, v7, 112);
    v128.store(p, v8, 128);
    v128.store(p, v9, 144);
    v128.store(p, v10, 160);
    v128.store(p, v11, 176);
  }
}

// The next four go along two fronts side by side, as `update` does, and take n as a multiple of 32.

/** x = scale·x. */
export function scale(x: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const front = ((<usize>n) << 2) >> 1;
  for (let p = x, end = x + front; p < end; p += 64) {
    scaleLine(p, f);
    scaleLine(p + front, f);
  }
}

/** x = x + bias. */
export function addBias(x: usize, n: i32, bias: f32): void {
  const b = f32x4.splat(bias);
  const front = ((<usize>n) << 2) >> 1;
  for (let p = x, end = x + front; p < end; p += 64) {
    biasLine(p, b);
    biasLine(p + front, b);
  }
}

/** x = max(x, zero). */
export function rectify(x: usize, n: i32, zero: f32): void {
  const z = f32x4.splat(zero);
  const front = ((<usize>n) << 2) >> 1;
  for (let p = x, end = x + front; p < end; p += 64) {
    rectifyLine(p, z);
    rectifyLine(p + front, z);
  }
}

/** x = max(factor·x + bias, zero). */
export function scaleBiasRelu(x: usize, n: i32, factor: f32, bias: f32, zero: f32): void {
  const f = f32x4.splat(factor);
  const b = f32x4.splat(bias);
  const z = f32x4.splat(zero);
  const front = ((<usize>n) << 2) >> 1;
  for (let p = x, end = x + front; p < end; p += 64) {
    fusedLine(p, f, b, z);
    fusedLine(p + front, f, b, z);
  }
}

// @ts-ignore: decorator
@inline
function scaleLine(p: usize, f: v128): void {
  v128.store(p, f32x4.mul(f, v128.load(p)));
  v128.store(p, f32x4.mul(f, v128.load(p, 16)), 16);
  v128.store(p, f32x4.mul(f, v128.load(p, 32)), 32);
  v128.store(p, f32x4.mul(f, v128.load(p, 48)), 48);
}

// @ts-ignore: decorator
@inline
function biasLine(p: usize, b: v128): void {
  v128.store(p, f32x4.add(b, v128.load(p)));
  v128.store(p, f32x4.add(b, v128.load(p, 16)), 16);
  v128.store(p, f32x4.add(b, v128.load(p, 32)), 32);
  v128.store(p, f32x4.add(b, v128.load(p, 48)), 48);
}

// One instruction, where f32x4.max takes several for the sake of NaN and of -0.
// @ts-ignore: decorator
@inline
function rectifyLine(p: usize, z: v128): void {
  v128.store(p, f32x4.pmax(v128.load(p), z));
  v128.store(p, f32x4.pmax(v128.load(p, 16), z), 16);
  v128.store(p, f32x4.pmax(v128.load(p, 32), z), 32);
  v128.store(p, f32x4.pmax(v128.load(p, 48), z), 48);
}

// @ts-ignore: decorator
@inline
function fusedLine(p: usize, f: v128, b: v128, z: v128): void {
  v128.store(p, f32x4.pmax(madd(f, v128.load(p), b), z));
  v128.store(p, f32x4.pmax(madd(f, v128.load(p, 16), b), z), 16);
  v128.store(p, f32x4.pmax(madd(f, v128.load(p, 32), b), z), 32);
  v128.store(p, f32x4.pmax(madd(f, v128.load(p, 48), b), z), 48);
}
