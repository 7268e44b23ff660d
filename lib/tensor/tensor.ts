// Tensor: a buffer and a view of it. The one class in lib, because *which buffer* is the lesson: views share it,
// contiguous() may copy it.
import { shown } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import {
  addressesInOrder,
  axisOf,
  broadcast,
  contiguousView,
  count,
  isContiguous,
  permuted,
  reshaped,
  sliced,
  transposed,
  windows,
  type View,
} from "./view.js";

const arrays = {
  fp64: Float64Array,
  fp32: Float32Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const;
type Stored = keyof typeof arrays;

/** The array that a tensor keeps its elements in. */
export type TensorData = InstanceType<(typeof arrays)[Stored]>;

/** A buffer and a view of it. Views share the buffer; `contiguous` may copy it. */
export class Tensor {
  private constructor(
    /** What holds the elements; views share it. */
    readonly buffer: TensorData,
    /** Which elements of the buffer, and in what order. */
    readonly view: View,
    /** Of each element. */
    readonly dtype: DType,
  ) {}

  /** Zeros of that shape, fp32 unless `dtype` says otherwise (fp64, fp32, int32, int16, int8, uint8). */
  static zeros(shape: readonly number[], { dtype = "fp32" }: { dtype?: DType | string } = {}): Tensor {
    const view = contiguousView("Tensor", shape);
    const name = parseDType("Tensor", dtype);
    if (!Object.hasOwn(arrays, name))
      throw new RangeError(`Tensor: dtype must be one of ${Object.keys(arrays).join(", ")}, got ${shown(dtype)}`);
    return new Tensor(new arrays[name as Stored](count(shape)), view, name);
  }

  /** The numbers 0, 1, …, n − 1. */
  static arange(n: number, options: { dtype?: DType | string } = {}): Tensor {
    const t = Tensor.zeros([n], options);
    for (let i = 0; i < n; i++) t.buffer[i] = i;
    return t;
  }

  /** `values`, in row-major order of `shape` (default: one dimension). */
  static from(
    values: ArrayLike<number>,
    shape: readonly number[] = [values.length],
    options: { dtype?: DType | string } = {},
  ): Tensor {
    const t = Tensor.zeros(shape, options);
    if (t.elementCount !== values.length)
      throw new RangeError(`Tensor: shape must hold ${values.length} elements, got ${shown(shape)}`);
    t.buffer.set(values);
    return t;
  }

  /** Sizes of its dimensions. */
  get shape(): readonly number[] {
    return this.view.shape;
  }
  /** In elements, as PyTorch's stride(). */
  get strides(): readonly number[] {
    return this.view.strides;
  }
  /** Of its first element in the buffer, in elements. */
  get offset(): number {
    return this.view.offset;
  }
  /** Bytes of one element. */
  get elementSize(): number {
    return this.buffer.BYTES_PER_ELEMENT;
  }
  /** Elements of the view; repeated ones count each time. */
  get elementCount(): number {
    return count(this.view.shape);
  }
  /** Bytes of all elements; a view's are no memory of its own. */
  get nbytes(): number {
    return this.elementCount * this.elementSize;
  }

  private with(view: View): Tensor {
    return new Tensor(this.buffer, view, this.dtype);
  }

  /** A view with two dimensions exchanged. */
  transpose(a: number, b: number): Tensor {
    return this.with(transposed(this.view, a, b));
  }
  /** A view with the dimensions in that order. */
  permute(order: readonly number[]): Tensor {
    return this.with(permuted(this.view, order));
  }
  /** A view of elements start, start + step, … of one dimension, as Python's slices. */
  slice(dimension: number, start?: number, end?: number, step = 1): Tensor {
    return this.with(sliced(this.view, dimension, start, end, step));
  }
  /** A view that repeats sizes of 1, with stride 0. */
  broadcastTo(shape: readonly number[]): Tensor {
    return this.with(broadcast(this.view, shape));
  }
  /** A view of overlapping windows along a dimension; they become a new last dimension. */
  slidingWindow(dimension: number, size: number, step = 1): Tensor {
    return this.with(windows(this.view, dimension, size, step));
  }
  /** The same elements in another shape: a view where strides can say it, else of a contiguous copy. */
  reshape(shape: readonly number[]): Tensor {
    const view = reshaped(this.view, shape);
    return view ? this.with(view) : this.contiguous().reshape(shape);
  }

  /** Whether its elements lie one after another in row-major order. */
  isContiguous(): boolean {
    return isContiguous(this.view);
  }

  /** This very tensor when it is contiguous; else a row-major copy in a new buffer. */
  contiguous(): Tensor {
    if (this.isContiguous()) return this;
    const copy = Tensor.zeros(this.shape, { dtype: this.dtype });
    copyInto(this.buffer, this.view, copy.buffer);
    return copy;
  }

  /** Element addresses in the order in which a walk through this tensor visits them. */
  addresses(): number[] {
    return addressesInOrder(this.view);
  }

  private address(index: readonly number[]): number {
    if (index.length !== this.shape.length)
      throw new RangeError(`at: index must have ${this.shape.length} numbers, got ${shown(index)}`);
    return index.reduce((a, i, d) => {
      if (!Number.isInteger(i) || i < 0 || i >= this.shape[d]!)
        throw new RangeError(`at: index of dimension ${d} must be from 0 to ${this.shape[d]! - 1}, got ${shown(i)}`);
      return a + i * this.strides[d]!;
    }, this.offset);
  }

  /** The element at that index. Throws a RangeError outside the shape. */
  at(...index: number[]): number {
    return this.buffer[this.address(index)]!;
  }
  /** Writes one element, for every view of the buffer. */
  set(index: readonly number[], value: number): void {
    this.buffer[this.address(index)] = value;
  }

  /** Sum of all elements, or a tensor of the sums along one dimension. */
  sum(): number;
  sum(dimension: number): Tensor;
  sum(dimension?: number): number | Tensor {
    if (dimension === undefined) return addressesInOrder(this.view).reduce((s, a) => s + this.buffer[a]!, 0);
    const d = axisOf("sum", this.view, dimension);
    const last = this.permute([...this.shape.map((_, i) => i).filter((i) => i !== d), d]);
    const n = this.shape[d]!;
    const addresses = addressesInOrder(last.view);
    const out = Tensor.zeros(last.shape.slice(0, -1), { dtype: this.dtype });
    for (let i = 0; i < out.elementCount; i++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += this.buffer[addresses[i * n + k]!]!;
      out.buffer[i] = s;
    }
    return out;
  }

  /** The elements as a plain list, in the view's order. */
  toArray(): number[] {
    return addressesInOrder(this.view).map((a) => this.buffer[a]!);
  }

  /** Shape, strides, offset and dtype on one line. */
  toString(): string {
    const shape = this.shape.join(", ");
    const strides = this.strides.join(", ");
    return `Tensor(shape [${shape}], strides [${strides}], offset ${this.offset}, ${this.dtype})`;
  }
}

/** Copies the elements of `view`, in its order, to the front of `target`; the innermost dimension in a plain loop. */
function copyInto(source: TensorData, { shape, strides, offset }: View, target: TensorData): void {
  const inner = shape[shape.length - 1] ?? 1;
  const step = strides[strides.length - 1] ?? 1;
  const outer = { shape: shape.slice(0, -1), strides: strides.slice(0, -1), offset };
  let to = 0;
  const walk = (d: number, at: number): void => {
    if (d === outer.shape.length) {
      let from = at;
      for (let i = 0; i < inner; i++) {
        target[to + i] = source[from]!;
        from += step;
      }
      to += inner;
      return;
    }
    for (let i = 0; i < outer.shape[d]!; i++) walk(d + 1, at + i * outer.strides[d]!);
  };
  if (count(shape) > 0) walk(0, offset);
}
