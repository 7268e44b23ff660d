// The numbers that kernels are fed with: small multiples of 1/8, so that sums are exact in fp32 in any order and
// variants can be compared for equality.

/**
 * Fills `values` with a fixed sequence of multiples of 1/8 in [-5/8, 5/8] and returns it. `seed` gives another
 * sequence.
 */
export function fill(values: Float32Array, seed = 1): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (((state >>> 16) % 11) - 5) / 8;
  }
  return values;
}

/** `count` such numbers in an array of their own. */
export const filled = (count: number, seed = 1): Float32Array => fill(new Float32Array(count), seed);
