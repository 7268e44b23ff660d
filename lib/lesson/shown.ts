// One state of an explorable as a host shows it: its pictures, its table and its sentence, or one line that says why
// there is nothing to show.
import { isChart, svgText, type Chart } from "../charts/chart.js";
import type { Table } from "../text/table.js";

/** A point of the first chart that the reader can drag along a track, which sets a control. */
export interface ExplorableDrag {
  /** Name of the control that it sets. */
  readonly control: string;
  /** Where the point is at values of the control, in the units of the chart's axes. */
  readonly track: readonly { readonly value: string | number; readonly x: number; readonly y: number }[];
}

/** What one state shows: linked charts, with a table, a sentence and a point to drag where they help. */
export interface ExplorableView {
  /** Charts that stand beside each other. */
  readonly charts: readonly Chart[];
  /** A table below them; default none. */
  readonly table?: Table;
  /** What the state comes to, in a sentence; default the charts' descriptions, for who does not see them. */
  readonly sentence?: string;
  /** A point of the first chart that can be dragged where the state is drawn live; default none. */
  readonly drag?: ExplorableDrag;
}

/** What `draw` may return: a chart, linked charts, or a view. */
export type ExplorableDrawing = Chart | readonly Chart[] | ExplorableView;

export const viewOf = (drawing: ExplorableDrawing): ExplorableView => {
  if (isChart(drawing)) return { charts: [drawing] };
  return "charts" in drawing ? drawing : { charts: drawing };
};

/** A place in a picture, in its pixels. */
export interface ExplorablePlace {
  /** What the control is set to there. */
  readonly value: string | number;
  /** Pixels from the left. */
  readonly x: number;
  /** Pixels from the top. */
  readonly y: number;
}

/** One state, drawn. */
export interface ExplorableShown {
  /** SVG of each chart; none where the state is refused. */
  readonly pictures: readonly string[];
  /** Markup of the table; "" where there is none. */
  readonly table: string;
  /** What is said of the state, by itself or to who does not see the charts. */
  readonly sentence: string;
  /** Whether the sentence is to be seen, or only to be heard beside the charts that it describes. */
  readonly seen: boolean;
  /** Where the first picture's point can be dragged to, and how large that picture is; absent where nothing can. */
  readonly drag?: {
    readonly control: string;
    readonly width: number;
    readonly height: number;
    readonly track: readonly ExplorablePlace[];
  };
}

/** What all charts of a view show, in words. */
export const described = (charts: readonly Chart[]): string => charts.map((chart) => chart.description).join(" ");

/** `view` drawn in `document`, with the places that its point can be dragged to when `live`. */
export function shownView(
  { charts, table, sentence, drag }: ExplorableView,
  document: unknown,
  live = false,
): ExplorableShown {
  const drawings = charts.map((chart) => drawnOnce(chart, document));
  return {
    pictures: drawings.map(({ svg }) => svg),
    table: table?.html ?? "",
    sentence: sentence ?? described(charts),
    seen: sentence !== undefined,
    ...(live && drag && drawings[0]
      ? { drag: { control: drag.control, ...placed(drag, charts[0]!, drawings[0]) } }
      : {}),
  };
}

/** A state that cannot be: one line, and no picture that could be taken for it. */
export const refusedBy = (error: unknown): ExplorableShown => ({
  pictures: [],
  table: "",
  sentence: error instanceof Error ? error.message : String(error),
  seen: true,
});

type Scales = Partial<{ scale(name: "x" | "y"): { apply(value: number): number } }>;

interface Once {
  readonly svg: string;
  readonly scales: Scales;
}

/** The chart's SVG, and the scales of the very drawing that it was written from. */
function drawnOnce(chart: Chart, document: unknown): Once {
  let scales: Scales = {};
  const watched: Chart = {
    ...chart,
    draw(within) {
      const drawing = chart.draw(within);
      scales = drawing as Scales;
      return drawing;
    },
  };
  return { svg: svgText(watched, document), scales };
}

function placed({ track }: ExplorableDrag, { kind, width, height }: Chart, { scales }: Once) {
  if (!scales.scale) throw new TypeError(`explorable: a point must be dragged in a chart with two axes, got ${kind}`);
  const [x, y] = [scales.scale("x"), scales.scale("y")];
  return {
    width,
    height,
    track: track.map((p): ExplorablePlace => ({ value: p.value, x: x.apply(p.x), y: y.apply(p.y) })),
  };
}
