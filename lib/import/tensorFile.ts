// What a weights file tells without its weights: the record that every header reader returns, and its totals.
import { shown } from "../check.js";

/** One tensor of a file. */
export interface FileTensor {
  /** Its name in the file. */
  readonly name: string;
  /** Sizes of its dimensions, the outermost first. */
  readonly shape: readonly number[];
  /** The file's own name of the format ("BF16", "Q4_K"). */
  readonly dtype: string;
  /** Elements of the shape. */
  readonly elements: number;
  /** Bytes that it occupies, scales of a block format included. */
  readonly bytes: number;
  /** The file of a split model that holds it. */
  readonly shard?: string;
}

/** A file's tensors and totals. */
export interface TensorFile {
  /** Which format the file is in. */
  readonly format: "safetensors" | "gguf";
  /** Elements of all tensors. */
  readonly params: number;
  /** Bytes of all tensors. */
  readonly bytes: number;
  /** Bytes by format. */
  readonly bytesByDtype: Readonly<Record<string, number>>;
  /** Elements by format. */
  readonly paramsByDtype: Readonly<Record<string, number>>;
  /** The tensors, in the order of the file. */
  readonly tensors: readonly FileTensor[];
  /** What the header says beside them. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The name of a family, when the file tells it. */
  readonly architecture?: string;
  /** A Hugging Face configuration, when every field that costs depend on can be told. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Why there is no configuration, where that is known. */
  readonly why?: string;
}

/** Sums over `tensors`. */
export function totals(
  tensors: readonly FileTensor[],
): Pick<TensorFile, "params" | "bytes" | "bytesByDtype" | "paramsByDtype"> {
  const bytesByDtype: Record<string, number> = {};
  const paramsByDtype: Record<string, number> = {};
  let params = 0;
  let bytes = 0;
  for (const t of tensors) {
    params += t.elements;
    bytes += t.bytes;
    bytesByDtype[t.dtype] = (bytesByDtype[t.dtype] ?? 0) + t.bytes;
    paramsByDtype[t.dtype] = (paramsByDtype[t.dtype] ?? 0) + t.elements;
  }
  return { params, bytes, bytesByDtype, paramsByDtype };
}

/** Elements of `shape`. Throws when a size is no integer from 0 on or the product is not exact. */
export function elementsOf(who: string, name: string, shape: readonly unknown[]): number {
  let n = 1;
  let overflow = false;
  for (const d of shape) {
    if (typeof d !== "number" || !Number.isSafeInteger(d) || d < 0)
      throw new RangeError(`${who}: shape of tensor ${shown(name)} must be non-negative integers, got ${shown(shape)}`);
    n *= d;
    if (n > Number.MAX_SAFE_INTEGER) overflow = true;
  }
  if (overflow && !shape.includes(0))
    throw new RangeError(
      `${who}: tensor ${shown(name)} must hold at most 2^53 - 1 elements, got shape ${shown(shape)}`,
    );
  return Number.isNaN(n) ? 0 : n;
}
