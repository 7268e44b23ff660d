// Words that findings share.
import { significant } from "../../units.js";

export const times = (value: number): string => `${significant(value, 3)} times`;
export const percent = (share: number): string => `${significant(100 * share, 2)} %`;
export const micro = (seconds: number): string => `${significant(1e6 * seconds, 3)} µs`;
export const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
