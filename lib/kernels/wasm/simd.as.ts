// What every WebAssembly kernel shares: a fused multiply-add where the module is built with relaxed SIMD, else multiply
// then add. Constants are never splatted: V8 13.6 and newer rebuild a constant vector before every use (four times
// slower), so scalars come as parameters.

/** a·b + c in four lanes. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function lanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}
