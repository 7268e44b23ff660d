// The names that cells share, by the cell that defines them. A cell sees the cells above it: the nearest one that
// defines a name. So a cell that is run again gives what it gave, whatever is defined below it.

/** The accessors of one cell's names, as `cell$.define` is handed them. */
type Accessors = object;

/** What all cells of a lecture have defined so far. */
export interface SharedNames {
  /** The names that cell `index` sees, from those above it. */
  above(index: number): ReadonlySet<string>;
  /** What the code of cell `index` reads those names from. */
  viewFrom(index: number): object;
  /** Takes the names of cell `index`, in the place of what it defined before. */
  define(index: number, accessors: Accessors): void;
  /** Forgets the names of cell `index`; who still reads one is told `why`. */
  forget(index: number, why: string): void;
}

export function createNames(): SharedNames {
  const cells = new Map<number, Accessors>();
  const reasons = new Map<number, string>();

  /** Each name that a cell sees, with the cell that it comes from. */
  function owners(index: number): Map<string, number> {
    const found = new Map<string, number>();
    for (const cell of [...cells.keys()].filter((each) => each < index).sort((a, b) => a - b))
      for (const name of Object.keys(cells.get(cell)!)) found.set(name, cell);
    return found;
  }

  /** The accessors as they are now: a function of a later cell reads a name when it is called. */
  function accessorsOf(cell: number, name: string): Record<string, unknown> {
    const accessors = cells.get(cell);
    if (accessors && name in accessors) return accessors as Record<string, unknown>;
    throw new ReferenceError(`${name} is not defined${reasons.has(cell) ? `: ${reasons.get(cell)}` : ""}`);
  }

  return {
    above: (index) => new Set(owners(index).keys()),
    viewFrom(index) {
      const view = {};
      for (const [name, cell] of owners(index))
        Object.defineProperty(view, name, {
          get: () => accessorsOf(cell, name)[name],
          set: (value) => {
            accessorsOf(cell, name)[name] = value;
          },
        });
      return view;
    },
    define(index, accessors) {
      cells.set(index, accessors);
      reasons.delete(index);
    },
    forget(index, why) {
      cells.delete(index);
      reasons.set(index, why);
    },
  };
}
