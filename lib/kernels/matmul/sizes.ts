// The sizes that every matmul variant takes: one fp32 product.
import { positiveIntegers, record, shown } from "../../check.js";
import type { MatmulShape } from "../../ops/index.js";

/** m, n, k of one fp32 product. Throws when there is a batch or another dtype: no variant here computes those. */
export function matmulSizes(who: string, shape: MatmulShape): { m: number; n: number; k: number } {
  record(who, "shape", shape);
  const { m, n, k, batch = 1, dtype = "fp32" } = shape;
  positiveIntegers(who, { m, n, k });
  if (batch !== 1) throw new RangeError(`${who}: batch must be 1, got ${shown(batch)}`);
  if (dtype !== "fp32") throw new RangeError(`${who}: dtype must be fp32, got ${shown(dtype)}`);
  return { m, n, k };
}
