// What a cell calls for a table: of rows, or of a model's costs.
import { type Model } from "../model.js";
import { costRows } from "../models/costRows.js";
import { tableOf, type Table, type TableOptions } from "../text/table.js";

/** What `table` takes beside rows or a model. */
export interface ModelTableOptions extends TableOptions {
  /** How many names of a model's paths a row keeps; default 1. Of no meaning for rows. */
  depth?: number;
}

const isModel = (x: unknown): x is Model =>
  typeof x === "object" && x !== null && Array.isArray((x as Model).nodes) && typeof (x as Model).name === "string";

/**
 * A table of `rows` (records; a missing value is an empty cell), or of a model's costs by path down to `depth` with a
 * total. Integers are grouped, fractions cut to `digits`; columns of numbers align right.
 */
export function table(data: readonly object[] | Model, { depth = 1, ...options }: ModelTableOptions = {}): Table {
  return tableOf(isModel(data) ? costRows(data, depth) : data, options);
}
