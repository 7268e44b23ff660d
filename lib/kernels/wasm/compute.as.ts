// Arithmetic that touches no memory: what the vector units do when nothing else holds them up.
import { lanes, madd } from "./simd.as";

/** Twelve independent chains of a = a·x + y, `steps` long, four lanes each: 12 · 4 · 2 · steps FLOP. */
export function chains(steps: i32, x: f32, y: f32, start: f32): f32 {
  const vx = f32x4.splat(x);
  const vy = f32x4.splat(y);
  let a0 = f32x4.splat(start);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  let a8 = a0;
  let a9 = a0;
  let a10 = a0;
  let a11 = a0;
  for (let i = 0; i < steps; i++) {
    a0 = madd(a0, vx, vy);
    a1 = madd(a1, vx, vy);
    a2 = madd(a2, vx, vy);
    a3 = madd(a3, vx, vy);
    a4 = madd(a4, vx, vy);
    a5 = madd(a5, vx, vy);
    a6 = madd(a6, vx, vy);
    a7 = madd(a7, vx, vy);
    a8 = madd(a8, vx, vy);
    a9 = madd(a9, vx, vy);
    a10 = madd(a10, vx, vy);
    a11 = madd(a11, vx, vy);
  }
  const s0 = f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3));
  const s1 = f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7));
  const s2 = f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11));
  return lanes(f32x4.add(f32x4.add(s0, s1), s2));
}
