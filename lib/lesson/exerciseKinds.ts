// What an exercise is: a number to find, a function to write, or a design to make. Plain records; the verdicts on
// answers are in numberVerdict.ts, functionVerdict.ts and designVerdict.ts.

/** What every exercise has. */
interface Asked {
  /** What is asked, as text. */
  readonly question: string;
  /** From the first to the one that gives most away. */
  readonly hints: readonly string[];
  /** How the answer comes about, as text. */
  readonly solution: string;
}

/** A wrong road that readers take, and where it leads. */
export interface Mistake<Value> {
  /** What one gets on that road: a number, or, for a function, the function. */
  readonly value: Value;
  /** What was done on it, in a sentence. */
  readonly says: string;
}

/** A number to find. */
export interface NumberExercise extends Asked {
  /** The right number, computed when it is asked for. */
  readonly answer: () => number;
  /** Relative error that still counts as right; default 0.005. 0 asks for the exact number. */
  readonly tolerance?: number;
  /** Of the answer, as text; default none. */
  readonly unit?: string;
  /** Typical wrong roads, as formulas. */
  readonly mistakes?: readonly Mistake<() => number>[];
}

/** What a reader's function is given: sizes by name. */
export type Sizes = Readonly<Record<string, number>>;

/** A function to write, from named sizes to one number. */
export interface FunctionExercise extends Asked {
  /** A right function. */
  readonly reference: (sizes: Sizes) => number;
  /** Draws sizes; `pick(low, high)` is a random integer from low to high, and grows from draw to draw. */
  readonly draw: (pick: (low: number, high: number) => number) => Sizes;
  /** Relative error that still counts as right; default 1e-9. */
  readonly tolerance?: number;
  /** Typical wrong functions. */
  readonly mistakes?: readonly Mistake<(sizes: Sizes) => number>[];
}

/** What a reader chooses, by name. */
export type Design = Readonly<Record<string, number | string | boolean>>;

/** A design to make, which the library's model judges. */
export interface DesignExercise extends Asked {
  /** A design that reaches the goal. */
  readonly example: Design;
  /** Whether a design reaches the goal, and why, or what stops it; throws on a value that is no choice. */
  readonly judge: (design: Design) => { readonly reached: boolean; readonly says: string };
}

/** A question with hints and a solution. */
export type Exercise = NumberExercise | FunctionExercise | DesignExercise;
