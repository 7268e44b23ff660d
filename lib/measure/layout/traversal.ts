// One tensor summed in three orders, and one layer's data in two layouts: what the order of a walk costs when a program
// keeps to it.
import { positiveIntegers } from "../../check.js";
import * as walks from "../../kernels/walks.js";
import type { Loops } from "../../tensor/index.js";
import type { CompareOptions } from "../compare.js";
import { experiment, twins, type Experiment, type Language } from "./experiment.js";

/** A tensor summed in one order, by loops that a cache model can predict. */
export interface TraversalRow extends Loops {
  /** What ran the loops: WebAssembly or JavaScript. */
  readonly language: Language;
  /** Which view is walked through in its logical order. */
  readonly order: "contiguous" | "transposed" | "worst";
}

/**
 * Sum of a contiguous tensor [batch, features, sequence] in logical order of three views: itself, its transpose (1, 2),
 * and the order with the longest steps innermost. Seconds; `ratio` is over the contiguous walk in the same language.
 * Scalar code on one thread.
 */
export function measureTraversals({
  shape = [32, 768, 512],
  ...options
}: { shape?: readonly [number, number, number] } & CompareOptions = {}): Promise<Experiment<TraversalRow>> {
  const [batch, features, sequence] = shape;
  positiveIntegers("measureTraversals", { batch, features, sequence });
  const {
    space,
    arrays: [x],
  } = twins(batch * features * sequence);
  const size = { b: batch, f: features, s: sequence };
  const stride = { b: features * sequence, f: sequence, s: 1 };
  const orders = [
    ["contiguous", "bfs"],
    ["transposed", "bsf"],
    ["worst", "sfb"],
  ] as const;
  return experiment<TraversalRow>(
    orders.flatMap(([order, letters]) => {
      const dims = [...letters] as ("b" | "f" | "s")[];
      const sizes = dims.map((d) => size[d]) as [number, number, number];
      const strides = dims.map((d) => stride[d]) as [number, number, number];
      return [
        {
          row: { language: "wasm" as const, order, sizes, strides },
          run: () => space.kernels.sum3(x!.wasm.at, ...sizes, ...strides),
        },
        {
          row: { language: "javascript" as const, order, sizes, strides },
          run: () => walks.sum3(x!.javascript, sizes, strides),
        },
      ];
    }),
    options,
  );
}

/** One reduction over images in one layout, by loops that a cache model can predict. */
export interface ChannelRow extends Loops {
  /** What ran the loops: WebAssembly or JavaScript. */
  readonly language: Language;
  /** Channel by channel, or pixel by pixel. */
  readonly layout: "NCHW" | "NHWC";
  /** What is summed. */
  readonly reduction: "per channel" | "per pixel";
}

/**
 * Images stored channel by channel (NCHW) and pixel by pixel (NHWC), summed per channel (as a norm over the batch does)
 * and per pixel (as a 1×1 convolution does). Each reduction runs its own loops over either layout. `ratio` is over
 * NCHW per channel.
 */
export function measureChannelLayouts({
  channels = 64,
  pixels = 56 * 56 * 8,
  ...options
}: { channels?: number; pixels?: number } & CompareOptions = {}): Promise<Experiment<ChannelRow>> {
  positiveIntegers("measureChannelLayouts", { channels, pixels });
  const {
    space,
    arrays: [x],
  } = twins(channels * pixels);
  return experiment<ChannelRow>(
    (["per channel", "per pixel"] as const).flatMap((reduction) =>
      (["NCHW", "NHWC"] as const).flatMap((layout) => {
        const [ofChannel, ofPixel] = layout === "NCHW" ? [pixels, 1] : [1, channels];
        const sizes: [number, number, number] =
          reduction === "per channel" ? [1, channels, pixels] : [1, pixels, channels];
        const strides: [number, number, number] =
          reduction === "per channel" ? [0, ofChannel!, ofPixel!] : [0, ofPixel!, ofChannel!];
        return [
          {
            row: { language: "wasm" as const, layout, reduction, sizes, strides },
            run: () => space.kernels.sum3(x!.wasm.at, ...sizes, ...strides),
          },
          {
            row: { language: "javascript" as const, layout, reduction, sizes, strides },
            run: () => walks.sum3(x!.javascript, sizes, strides),
          },
        ];
      }),
    ),
    { same: false, ...options },
  );
}

/** Records in one layout, by loops that a cache model can predict. */
export interface StructureRow extends Loops {
  /** What ran the loops: WebAssembly or JavaScript. */
  readonly language: Language;
  /** Record by record, or field by field. */
  readonly layout: "array of structures" | "structure of arrays";
  /** How many fields of each record are summed. */
  readonly fields: "one" | "all";
}

/**
 * Records of `fields` values, stored record by record or field by field; one field summed, then all of them. One field
 * of an array of structures still moves whole cache lines. `ratio` is over one field of a structure of arrays.
 */
export function measureStructures({
  records = 2 ** 20,
  fields = 8,
  ...options
}: { records?: number; fields?: number } & CompareOptions = {}): Promise<Experiment<StructureRow>> {
  positiveIntegers("measureStructures", { records, fields });
  const {
    space,
    arrays: [x],
  } = twins(records * fields);
  return experiment<StructureRow>(
    (["one", "all"] as const).flatMap((which) =>
      (["structure of arrays", "array of structures"] as const).flatMap((layout) => {
        const stride = layout === "array of structures" ? fields : 1;
        const far = layout === "array of structures" ? 1 : records;
        const count = which === "one" ? 1 : fields;
        // Record by record reads all fields of one before the next; field by field reads one field of all.
        const [sizes, strides] =
          which === "all" && layout === "array of structures"
            ? [
                [1, 1, records * fields],
                [0, 0, 1],
              ]
            : [
                [1, count, records],
                [0, far, stride],
              ];
        return [
          {
            row: { language: "wasm" as const, layout, fields: which, sizes: sizes!, strides: strides! },
            run: () =>
              space.kernels.sum3(
                x!.wasm.at,
                ...(sizes as [number, number, number]),
                ...(strides as [number, number, number]),
              ),
          },
          {
            row: { language: "javascript" as const, layout, fields: which, sizes: sizes!, strides: strides! },
            run: () => walks.sum3(x!.javascript, sizes!, strides!),
          },
        ];
      }),
    ),
    { same: false, ...options },
  );
}
