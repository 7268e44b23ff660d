// A convolution's window on its input, and the matrix that im2col makes of all windows.
import { gridChart, type GridCell } from "../charts/index.js";
import { conv2d } from "../ops/index.js";
import { grouped, significant } from "../units.js";
import type { ExplorableState } from "./controls.js";
import { explorable, type Explorable } from "./explorable.js";
import type { ExplorableView } from "./shown.js";

/** Rows and columns of the input. */
const side = 6;

/** What one state comes to. */
export interface ConvolutionFigures {
  /** Rows of windows. */
  readonly height: number;
  /** Windows in a row. */
  readonly width: number;
  /** Multiply-adds of one channel in and one out: one for each element of the matrix. */
  readonly macs: number;
  /** By window, by tap: the input element that is read, or undefined on padding. */
  readonly matrix: readonly (readonly (number | undefined)[])[];
  /** The window that is shown. */
  readonly window: number;
}

/** Throws a RangeError where the window is larger than the padded input. */
export function convolutionFigures(state: ExplorableState): ConvolutionFigures {
  const of = (name: string): number => Number(state[name]);
  const [kernelSize, stride, padding, dilation] = [of("kernelSize"), of("stride"), of("padding"), of("dilation")];
  const shape = { inChannels: 1, outChannels: 1, height: side, width: side, kernelSize, stride, padding, dilation };
  const op = conv2d(shape);
  const [height, width] = op.outputs[0]!.shape.slice(-2) as [number, number];
  const matrix = Array.from({ length: height * width }, (_, window) =>
    Array.from({ length: kernelSize ** 2 }, (_, tap) => {
      const row = Math.floor(window / width) * stride + Math.floor(tap / kernelSize) * dilation - padding;
      const column = (window % width) * stride + (tap % kernelSize) * dilation - padding;
      return inside(row) && inside(column) ? row * side + column : undefined;
    }),
  );
  return { height, width, macs: op.macs, matrix, window: Math.round(((matrix.length - 1) * of("way")) / 100) };
}

const inside = (at: number): boolean => at >= 0 && at < side;

/**
 * One channel of 6 × 6: where the window lies, and its column in the im2col matrix, which has a column for each window
 * and a row for each tap. In a live page the window runs over the input.
 */
export function convolutionExplorer(): Explorable {
  return explorable({
    title: "A convolution's window, and its im2col matrix",
    controls: [
      { name: "kernelSize", label: "Kernel", values: [1, 2, 3], start: 2, states: [3] },
      { name: "stride", label: "Stride", values: [1, 2, 3], states: [1, 2] },
      { name: "padding", label: "Padding", values: [0, 1, 2], start: 1, states: [1] },
      { name: "dilation", label: "Dilation", values: [1, 2, 3], states: [1, 2] },
      {
        name: "way",
        label: "Window, % of the way",
        values: Array.from({ length: 51 }, (_, i) => 2 * i),
        states: [0, 60],
        play: true,
      },
    ],
    draw: viewed,
  });
}

const kinds = ["window", "window on padding", "padding"];

/** The family of a cell, by whether the window lies on it and whether it is padding. */
const kindOf = (held: boolean, padding: boolean): { family?: string } => {
  if (held) return { family: padding ? "window on padding" : "window" };
  return padding ? { family: "padding" } : {};
};

function viewed(state: ExplorableState): ExplorableView {
  const { height, width, macs, matrix, window } = convolutionFigures(state);
  const padding = Number(state["padding"]);
  const taps = matrix[window]!;
  const onPadding = taps.filter((element) => element === undefined).length;
  const inputs = side ** 2;
  const columns = matrix.flatMap((window_, column) =>
    window_.map((element, row) => ({
      column,
      row,
      ...kindOf(column === window, element === undefined),
      text: element === undefined ? "" : String(element),
    })),
  );
  return {
    charts: [
      gridChart(inputCells(state, window, width), {
        title: `Input ${side} × ${side}, padding ${padding}`,
        families: kinds,
        width: 280,
        height: 320,
        description:
          `Input ${side} × ${side}, padding ${padding}: window ${window + 1} of ${matrix.length} reads the elements ` +
          `${taps.map((element) => element ?? "0").join(", ")}.`,
      }),
      gridChart(columns, {
        title: `im2col: ${taps.length} rows × ${matrix.length} columns`,
        families: kinds,
        x: "A column for each window",
        y: "A row for each tap",
        width: 440,
        height: 320,
      }),
    ],
    sentence:
      `Window ${window + 1} of ${height} × ${width}, ${onPadding} of its ${taps.length} taps on padding. The matrix ` +
      `holds ${grouped(macs)} values for ${inputs} of input, ${significant(macs / inputs, 3)} times as many.`,
  };
}

/** The padded input, and where the window lies on it. */
function inputCells(state: ExplorableState, window: number, width: number): GridCell[] {
  const of = (name: string): number => Number(state[name]);
  const [kernelSize, stride, padding, dilation] = [of("kernelSize"), of("stride"), of("padding"), of("dilation")];
  const padded = side + 2 * padding;
  const top = Math.floor(window / width) * stride;
  const left = (window % width) * stride;
  const taps = (at: number, from: number): boolean =>
    at >= from && (at - from) % dilation === 0 && (at - from) / dilation < kernelSize;
  return Array.from({ length: padded ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / padded), i % padded];
    const within = inside(row - padding) && inside(column - padding);
    return {
      row,
      column,
      ...kindOf(taps(row, top) && taps(column, left), !within),
      text: within ? String((row - padding) * side + column - padding) : "",
    };
  });
}
