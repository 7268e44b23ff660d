// Copy, triad and update by lines: of each 64-byte line only the first 16 bytes are loaded, computed and stored, along
// four fronts. The memory moves the same lines as for the whole stream, and nothing else holds the walk up: no code,
// however wide its vectors, moves lines faster. n is a multiple of 64, so that each front is whole lines.
import { madd } from "./simd.as";

export function copyLines(y: usize, x: usize, n: i32, rep: i32): void {
  const front = <usize>(n >> 6) << 6;
  for (let r = 0; r < rep; r++) {
    for (let at: usize = 0; at < front; at += 64) {
      v128.store(y + at, v128.load(x + at));
      v128.store(y + front + at, v128.load(x + front + at));
      v128.store(y + 2 * front + at, v128.load(x + 2 * front + at));
      v128.store(y + 3 * front + at, v128.load(x + 3 * front + at));
    }
  }
}

export function triadLines(z: usize, x: usize, y: usize, n: i32, scale: f32, rep: i32): void {
  const s = f32x4.splat(scale);
  const front = <usize>(n >> 6) << 6;
  for (let r = 0; r < rep; r++) {
    for (let at: usize = 0; at < front; at += 64) {
      triadStart(z + at, x + at, y + at, s);
      triadStart(z + front + at, x + front + at, y + front + at, s);
      triadStart(z + 2 * front + at, x + 2 * front + at, y + 2 * front + at, s);
      triadStart(z + 3 * front + at, x + 3 * front + at, y + 3 * front + at, s);
    }
  }
}

export function updateLines(x: usize, n: i32, scale: f32, rep: i32): void {
  const s = f32x4.splat(scale);
  const front = <usize>(n >> 6) << 6;
  for (let r = 0; r < rep; r++) {
    for (let at: usize = 0; at < front; at += 64) {
      updateStart(x + at, s);
      updateStart(x + front + at, s);
      updateStart(x + 2 * front + at, s);
      updateStart(x + 3 * front + at, s);
    }
  }
}

// @ts-ignore: decorator
@inline
function triadStart(z: usize, x: usize, y: usize, s: v128): void {
  v128.store(z, madd(s, v128.load(y), v128.load(x)));
}

// @ts-ignore: decorator
@inline
function updateStart(x: usize, s: v128): void {
  v128.store(x, f32x4.mul(s, v128.load(x)));
}
