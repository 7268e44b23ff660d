// Random small shapes and the settings of the property tests.
import fc from "fast-check";

/** Enough shapes for every layer, the same ones on every run. */
export const runs = { numRuns: 60, seed: 20261124 } as const;
export const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

/** A window over `rank` dimensions that fits: odd sizes, strides beyond the kernel and padding beyond it included. */
export const windowCase = (rank: number, most = 6) =>
  fc.record({
    size: fc.array(size(most), { minLength: rank, maxLength: rank }),
    kernel: fc.array(size(4), { minLength: rank, maxLength: rank }),
    stride: fc.array(size(5), { minLength: rank, maxLength: rank }),
    dilation: fc.array(size(3), { minLength: rank, maxLength: rank }),
    padding: fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
      minLength: rank,
      maxLength: rank,
    }),
  });
export const channelCase = fc.record({
  batch: size(2),
  groups: size(3),
  inPerGroup: size(3),
  outPerGroup: size(3),
  bias: fc.boolean(),
});
export const spatialNames = { 1: ["length"], 2: ["height", "width"], 3: ["depth", "height", "width"] } as const;
