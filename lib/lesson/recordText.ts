// A record on one line, as a reader would write it in a cell.
import { shown } from "../check.js";

/** `{ batch: 8, dtype: "int8" }` */
export const recordText = (record: object): string =>
  `{ ${Object.entries(record)
    .map(([name, value]) => `${name}: ${shown(value)}`)
    .join(", ")} }`;
