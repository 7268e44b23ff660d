// Which cells show what they would give: edits, runs, failures, and what a command has to run. Pure; the page's
// elements follow it.

/** One code cell of the lecture. */
export interface CellState {
  /** As the lecture has it. */
  readonly original: string;
  /** As the reader has it now. */
  readonly source: string;
  /** The source that its outputs come from. */
  readonly shown: string;
  /** Whether the worker that is running now has run it as it is. */
  readonly live: boolean;
  /** Whether a cell above was run with another source since it ran. */
  readonly behind: boolean;
}

/** All cells, as the lecture has them. */
export const asWritten = (sources: readonly string[]): CellState[] =>
  sources.map((source) => ({ original: source, source, shown: source, live: false, behind: false }));

const change = (cells: readonly CellState[], index: number, what: Partial<CellState>): CellState[] =>
  cells.map((cell, i) => (i === index ? { ...cell, ...what } : cell));

/** The reader writes another source. */
export const edit = (cells: readonly CellState[], index: number, source: string): CellState[] =>
  change(cells, index, { source });

/** Cell `index` ran, to its end or not: what is below is behind where it gave something else than before. */
export function ran(cells: readonly CellState[], index: number, source: string, ok: boolean): CellState[] {
  const { shown, behind } = cells[index]!;
  const other = shown !== source || behind || !ok;
  return cells.map((cell, i) => {
    if (i === index) return { ...cell, shown: source, live: ok, behind: false };
    return i > index && other ? { ...cell, behind: true } : cell;
  });
}

/** The worker is a new one, which has run nothing. */
export const restarted = (cells: readonly CellState[]): CellState[] => cells.map((cell) => ({ ...cell, live: false }));

/** Whether the outputs of cell `index` are not what it would give now. */
export const isStale = (cells: readonly CellState[], index: number): boolean =>
  cells[index]!.behind || cells.slice(0, index + 1).some(({ source, shown }) => source !== shown);

/** What must run before cell `index` does, and it: cells above that the worker has not run as they are. */
export function upTo(cells: readonly CellState[], index: number): number[] {
  const above = cells.slice(0, index).flatMap((cell, i) => (cell.live && !isStale(cells, i) ? [] : [i]));
  return [...above, index];
}

/** What must run for cell `index` and all below it. */
export const from = (cells: readonly CellState[], index: number): number[] => [
  ...upTo(cells, index),
  ...cells.map((_, i) => i).slice(index + 1),
];
