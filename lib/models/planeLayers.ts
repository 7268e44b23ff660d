// Layers over [batch, channels, height, width]: convolutions, batch norm and pools, as calls that record their op.
import { avgPool, batchNorm, conv1d, conv2d, conv3d, groupNorm, maxPool, resize } from "../ops/index.js";
import { plane, type Activation, type Mark, type Pair, type Sheet } from "./sheet.js";

/** Along frames, rows and columns. */
type Triple = readonly [number, number, number];

/** Options of a convolution over planes. */
export interface ConvOptions extends Mark {
  /** Default 1. */
  stride?: Pair;
  /** Default 0. */
  padding?: Pair | readonly (readonly [number, number])[];
  /** Default 1. */
  dilation?: Pair;
  /** Default 1. */
  groups?: number;
  /** Default false. */
  bias?: boolean;
}
/** Options of a pool. */
export interface PoolOptions extends Mark {
  /** Default 1. */
  stride?: number;
  /** Default 0. */
  padding?: number;
  /** Whether a last partial window counts; default false. */
  ceil?: boolean;
}
/** Options of a convolution over a sequence. */
export interface Conv1dOptions extends Mark {
  /** Default 1. */
  stride?: number;
  /** Default 0. */
  padding?: number;
  /** Default 1. */
  groups?: number;
  /** Default false. */
  bias?: boolean;
}

/** Options of a convolution over frames. */
export interface Conv3dOptions extends Mark {
  /** Default 1. */
  stride?: Triple;
  /** Default false. */
  bias?: boolean;
}

/** The calls for layers over planes, written on `sheet`. */
export function planeLayers({ put, make, phase }: Sheet) {
  return {
    conv(path: string, x: Activation, outChannels: number, kernelSize: Pair, options: ConvOptions = {}): Activation {
      const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = false } = options;
      const { batch, channels: inChannels, height, width } = plane(x);
      // Written out: most layers of an image's model are this one, and a record spread into a longer one is slow.
      const shape = {
        batch,
        height,
        width,
        inChannels,
        outChannels,
        kernelSize,
        stride,
        padding,
        dilation,
        groups,
        bias,
      };
      return put(path, make(conv2d, shape), [x], options);
    },

    /** x [batch, channels, length]; the result is [batch, length, channels], as a transformer reads it. */
    conv1d(
      path: string,
      x: Activation,
      outChannels: number,
      kernelSize: number,
      { stride = 1, padding = 0, groups, bias = false, ...mark }: Conv1dOptions = {},
    ): Activation {
      const [batch, inChannels, length] = x.shape as readonly [number, number, number];
      const grouped = groups === undefined ? {} : { groups };
      const shape = { batch, length, inChannels, outChannels, kernelSize, stride, padding, ...grouped, bias };
      return put(path, make(conv1d, shape), [x], mark);
    },

    /** x [batch, channels, frames, height, width]. */
    conv3d(
      path: string,
      x: Activation,
      outChannels: number,
      kernelSize: Triple,
      { stride = [1, 1, 1], bias = false, ...mark }: Conv3dOptions = {},
    ): Activation {
      const [batch, inChannels, depth, height, width] = x.shape as readonly [number, number, number, number, number];
      const shape = { batch, inChannels, outChannels, depth, height, width, kernelSize, stride, bias };
      return put(path, make(conv3d, shape), [x], mark);
    },

    /** x [batch, channels, …sizes], each of `numGroups` groups of channels with its own statistics. */
    groupNorm(path: string, x: Activation, numGroups: number): Activation {
      const [batch, numChannels, ...sizes] = x.shape as readonly [number, number, ...number[]];
      const [height, width] = sizes.length === 1 ? [undefined, sizes[0]] : sizes;
      const size = height === undefined ? { width } : { height, width };
      return put(path, make(groupNorm, { batch, numGroups, numChannels, ...size }), [x], {}, x.shape);
    },

    /** x at another height and width, each position that of its nearest one. */
    upsample(path: string, x: Activation, size: readonly [number, number]): Activation {
      return put(path, make(resize, { ...plane(x), size }), [x]);
    },

    batchNorm(path: string, x: Activation, mark: Mark = {}): Activation {
      const { batch, channels: numFeatures, height, width } = plane(x);
      const op = make(batchNorm, { batch, height, width, numFeatures, training: phase === "train" });
      return put(path, op, [x], mark);
    },

    maxPool(
      path: string,
      x: Activation,
      kernelSize: number,
      { stride = 1, padding = 0, ceil = false, ...mark }: PoolOptions = {},
    ): Activation {
      return put(path, make(maxPool, { ...plane(x), kernelSize, stride, padding, ceilMode: ceil }), [x], mark);
    },

    avgPool(
      path: string,
      x: Activation,
      kernelSize: number,
      { stride = 1, padding = 0, ceil = false, ...mark }: PoolOptions = {},
    ): Activation {
      return put(path, make(avgPool, { ...plane(x), kernelSize, stride, padding, ceilMode: ceil }), [x], mark);
    },

    adaptiveAvgPool(path: string, x: Activation, outputSize: number, mark: Mark = {}): Activation {
      return put(path, make(avgPool, { ...plane(x), outputSize }), [x], mark);
    },

    /** The mean of each channel: [batch, channels, 1, 1], which linear() reads as [batch, channels]. */
    globalAvgPool(path: string, x: Activation, mark: Mark = {}): Activation {
      return put(path, make(avgPool, { ...plane(x), outputSize: 1 }), [x], mark);
    },
  };
}
