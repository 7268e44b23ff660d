// Pools over a plane: a window that slides (maxPool, avgPool) or that is fitted to an output size (adaptiveAvgPool).
import { positiveIntegers, record } from "../check.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { precision, type PrecisionOptions } from "./precision.js";
import { perAxis, slidingWindow, type Padding, type PerAxis } from "./spatial.js";

export interface PoolShape extends PrecisionOptions { batch?: number; channels: number; height: number; width: number; kernelSize: PerAxis; stride?: PerAxis; padding?: Padding; dilation?: PerAxis; ceilMode?: boolean }

function pool(kind: "maxPool" | "avgPool") {
  const factory = (shape: PoolShape, options: PrecisionOptions = {}): Op => {
    record(kind, "shape", shape);
    const { batch = 1, channels, height, width, kernelSize, stride = kernelSize, padding = 0, dilation = 1, ceilMode = false, ...rest } = shape;
    const { dtype } = precision(kind, { ...rest, ...options });
    positiveIntegers(kind, { batch, channels, height, width });
    const w = slidingWindow(kind, 2, { input: [height, width], kernelSize, stride, padding, dilation, ceilMode });
    return pooled(kind, [batch, channels, height, width], [batch, channels, ...w.output], w.kernel[0]! * w.kernel[1]!, dtype, { batch, channels, height, width, kernelSize: w.kernel, stride: w.stride, padding: w.padding, dilation: w.dilation, ceilMode, output: w.output });
  };
  return factory;
}

/** Largest value of a window: kernelHeight · kernelWidth FLOPs (comparisons) per output; `stride` defaults to the kernel. Shapes: x [batch, channels, height, width]. */
export const maxPool = pool("maxPool");
/** Mean of a window: kernelHeight · kernelWidth FLOPs (sums and one division) per output; `stride` defaults to the kernel. */
export const avgPool = pool("avgPool");

export interface AdaptivePoolShape extends PrecisionOptions { batch?: number; channels: number; height: number; width: number; outputSize?: PerAxis }

/** Mean over a window fitted to `outputSize` (default 1: the whole plane): ceil(height / outHeight) · ceil(width / outWidth) FLOPs per output. */
export function adaptiveAvgPool(shape: AdaptivePoolShape, options: PrecisionOptions = {}): Op {
  record("adaptiveAvgPool", "shape", shape);
  const { batch = 1, channels, height, width, outputSize = 1, ...rest } = shape;
  const { dtype } = precision("adaptiveAvgPool", { ...rest, ...options });
  positiveIntegers("adaptiveAvgPool", { batch, channels, height, width });
  const [outHeight, outWidth] = perAxis("adaptiveAvgPool", "outputSize", outputSize, 2) as [number, number];
  return pooled("adaptiveAvgPool", [batch, channels, height, width], [batch, channels, outHeight, outWidth], Math.ceil(height / outHeight) * Math.ceil(width / outWidth), dtype, { batch, channels, height, width, output: [outHeight, outWidth] });
}

function pooled(kind: string, input: number[], output: number[], taps: number, dtype: TensorSpec["dtype"], attributes: Record<string, unknown>): Op {
  const x: TensorSpec = { name: "x", shape: input, dtype }, y: TensorSpec = { name: "y", shape: output, dtype }, flops = taps * elementCount(output);
  return {
    kind, inputs: [x], weights: [], outputs: [y], macs: 0, extras: { pool: flops }, attributes,
    backward: () => [{ kind: `${kind}.backward`, inputs: [{ ...y, name: "dY" }, ...(kind === "maxPool" ? [x] : [])], weights: [], outputs: [{ ...x, name: "dX" }], macs: 0, extras: { pool: flops } }],
  };
}
