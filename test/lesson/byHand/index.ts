// Answers by a second road. Of a number: the sum by hand, and the figure as it is known; of a function: one value; of a
// design: one that fails, and what is said of it.
import type { Design, Sizes } from "../../../lib/lesson/index.js";
import { lecture1 } from "./lecture1.js";
import { lecture2 } from "./lecture2.js";
import { lecture3 } from "./lecture3.js";
import { lecture4 } from "./lecture4.js";
import { lecture5 } from "./lecture5.js";

export type ByHand = Readonly<
  Record<string, readonly [number, number] | { of: Sizes; gives: number } | { fails: Design; because: RegExp }>
>;

export const byHand: ByHand = { ...lecture1, ...lecture2, ...lecture3, ...lecture4, ...lecture5 };
