// Memory streams over n fp32 values, repeated `rep` times inside one call so that a cache-sized pass is not lost in the
// call. Sixteen bytes a vector, unrolled blocks; the tail is scalar.
import { lanes, madd } from "./simd.as";

/**
 * Sum of x: one array read, in three fronts side by side, a cache line of each at a time. Four loads are added up
 * before the accumulator waits for them, so that its latency never holds up the loads; twelve loads and three
 * accumulators fit the fifteen registers that V8 has to give, also on Node 20 and 22, which move all loads of a block
 * to its front. The sums of the passes before the last are dropped where they stand.
 */
export function read(x: usize, n: i32, rep: i32, zero: f32): f32 {
  const z = f32x4.splat(zero);
  const front = <usize>(n / 48) << 6;
  const stop = x + front;
  const vectors = x + (<usize>(n >> 2) << 4);
  const end = x + (<usize>n << 2);
  let s0 = z;
  let s1 = z;
  let s2 = z;
  let p = x;
  for (let r = 0; r < rep; r++) {
    s0 = z;
    s1 = z;
    s2 = z;
    let a = x;
    let b = a + front;
    p = b + front;
    while (a < stop) {
      s0 = f32x4.add(s0, fourLoads(a, 16));
      a += 64;
      s1 = f32x4.add(s1, fourLoads(b, 16));
      b += 64;
      s2 = f32x4.add(s2, fourLoads(p, 16));
      p += 64;
    }
    while (p < vectors) {
      s0 = f32x4.add(s0, v128.load(p));
      p += 16;
    }
  }
  let total = lanes(f32x4.add(f32x4.add(s0, s1), s2));
  while (p < end) {
    total += load<f32>(p);
    p += 4;
  }
  return total;
}

/**
 * Sum of the first 16 of every 64 bytes of x, in three fronts side by side; n a multiple of 128. Memory moves whole
 * lines, so all of x arrives with a quarter of the loads: as many as native code with 64-byte vectors takes. A front
 * takes four lines at a time: eight fronts of one line each are slower.
 */
export function lines(x: usize, n: i32, rep: i32, zero: f32): f32 {
  const z = f32x4.splat(zero);
  const front = <usize>(n / 192) << 8;
  const stop = x + front;
  const end = x + (<usize>n << 2);
  let s0 = z;
  let s1 = z;
  let s2 = z;
  for (let r = 0; r < rep; r++) {
    s0 = z;
    s1 = z;
    s2 = z;
    let a = x;
    let b = a + front;
    let c = b + front;
    while (a < stop) {
      s0 = f32x4.add(s0, fourLoads(a, 64));
      a += 256;
      s1 = f32x4.add(s1, fourLoads(b, 64));
      b += 256;
      s2 = f32x4.add(s2, fourLoads(c, 64));
      c += 256;
    }
    while (c < end) {
      s0 = f32x4.add(s0, v128.load(c));
      c += 64;
    }
  }
  return lanes(f32x4.add(f32x4.add(s0, s1), s2));
}

/** The sum of four vectors that begin `apart` bytes from each other, as a tree. */
// @ts-ignore: decorator
@inline
function fourLoads(p: usize, apart: usize): v128 {
  return f32x4.add(
    f32x4.add(v128.load(p), v128.load(p + apart)),
    f32x4.add(v128.load(p + 2 * apart), v128.load(p + 3 * apart)),
  );
}

// Copy and triad go along four fronts side by side, or straight on. Some processors leave a fifth of a large cache's or
// of main memory's bandwidth unused with one front (Zen 3), others as much with four (Zen 5): a ceiling is the better
// of the two.

/** y = x: one array read, one written; in four fronts unless `straight`. */
export function copy(y: usize, x: usize, n: i32, rep: i32, straight: i32): void {
  const front: usize = straight ? <usize>0 : (<usize>(n >> 6)) << 6;
  const whole = <usize>(n >> 4) << 6;
  const end = <usize>n << 2;
  for (let r = 0; r < rep; r++) {
    for (let at: usize = 0; at < front; at += 64) {
      copyLine(y + at, x + at);
      copyLine(y + front + at, x + front + at);
      copyLine(y + 2 * front + at, x + 2 * front + at);
      copyLine(y + 3 * front + at, x + 3 * front + at);
    }
    for (let at: usize = 4 * front; at < whole; at += 64) copyLine(y + at, x + at);
    for (let at: usize = whole; at < end; at += 4) store<f32>(y + at, load<f32>(x + at));
  }
}

/** z = x + scale·y: two arrays read, one written; in four fronts unless `straight`. */
export function triad(z: usize, x: usize, y: usize, n: i32, scale: f32, rep: i32, straight: i32): void {
  const s = f32x4.splat(scale);
  const front: usize = straight ? <usize>0 : (<usize>(n >> 6)) << 6;
  const whole = <usize>(n >> 4) << 6;
  const end = <usize>n << 2;
  for (let r = 0; r < rep; r++) {
    for (let at: usize = 0; at < front; at += 64) {
      triadLine(z + at, x + at, y + at, s);
      triadLine(z + front + at, x + front + at, y + front + at, s);
      triadLine(z + 2 * front + at, x + 2 * front + at, y + 2 * front + at, s);
      triadLine(z + 3 * front + at, x + 3 * front + at, y + 3 * front + at, s);
    }
    for (let at: usize = 4 * front; at < whole; at += 64) triadLine(z + at, x + at, y + at, s);
    for (let at: usize = whole; at < end; at += 4) store<f32>(z + at, load<f32>(x + at) + scale * load<f32>(y + at));
  }
}

// @ts-ignore: decorator
@inline
function copyLine(y: usize, x: usize): void {
  v128.store(y, v128.load(x));
  v128.store(y, v128.load(x, 16), 16);
  v128.store(y, v128.load(x, 32), 32);
  v128.store(y, v128.load(x, 48), 48);
}

// @ts-ignore: decorator
@inline
function triadLine(z: usize, x: usize, y: usize, s: v128): void {
  v128.store(z, madd(s, v128.load(y), v128.load(x)));
  v128.store(z, madd(s, v128.load(y, 16), v128.load(x, 16)), 16);
  v128.store(z, madd(s, v128.load(y, 32), v128.load(x, 32)), 32);
  v128.store(z, madd(s, v128.load(y, 48), v128.load(x, 48)), 48);
}

/**
 * x = scale·x in place: one array read and written, without the extra read that a store to a line not yet in cache
 * costs. Two fronts side by side gain a seventh in main memory over one, and lose nothing in any cache.
 */
export function update(x: usize, n: i32, scale: f32, rep: i32): void {
  const s = f32x4.splat(scale);
  const front = (<usize>(n >> 5)) << 6;
  const whole = (<usize>(n >> 4)) << 6;
  const end = <usize>n << 2;
  for (let r = 0; r < rep; r++) {
    for (let at: usize = 0; at < front; at += 64) {
      updateLine(x + at, s);
      updateLine(x + front + at, s);
    }
    for (let at: usize = 2 * front; at < whole; at += 64) updateLine(x + at, s);
    for (let at: usize = whole; at < end; at += 4) store<f32>(x + at, scale * load<f32>(x + at));
  }
}

// @ts-ignore: decorator
@inline
function updateLine(x: usize, s: v128): void {
  v128.store(x, f32x4.mul(s, v128.load(x)));
  v128.store(x, f32x4.mul(s, v128.load(x, 16)), 16);
  v128.store(x, f32x4.mul(s, v128.load(x, 32)), 32);
  v128.store(x, f32x4.mul(s, v128.load(x, 48)), 48);
}

/**
 * Follows a chain of addresses, each load waiting for the one before. `steps` is rounded up to eight; returns the last
 * address.
 */
export function chase(start: usize, steps: i32): usize {
  let p = start;
  for (let i = 0; i < steps; i += 8) {
    p = load<u32>(p);
    p = load<u32>(p);
    p = load<u32>(p);
    p = load<u32>(p);
    p = load<u32>(p);
    p = load<u32>(p);
    p = load<u32>(p);
    p = load<u32>(p);
  }
  return p;
}

/**
 * Follows `chains` chains of addresses in turn, `steps` loads each: a load waits for the one before it in its own chain
 * and for no other. The addresses stand at `slots` and are left there, each moved on; returns the first.
 */
export function chaseMany(slots: usize, chains: i32, steps: i32): usize {
  const end = slots + ((<usize>chains) << 2);
  for (let i = 0; i < steps; i++)
    for (let slot = slots; slot < end; slot += 4) store<u32>(slot, load<u32>(load<u32>(slot)));
  return load<u32>(slots);
}
