// What a key of a layer's shape takes: the check that refuses anything else, and the words for it. Layers name their
// keys with these, and the command line, the reference and the tests of refusals read them.
import { nonNegativeInteger, positiveInteger, record, shown } from "../check.js";
import { parseDType } from "../dtype.js";

/** One key of a layer's shape. */
export interface ShapeKey {
  /** What the key takes, in words that follow "must be". */
  readonly takes: string;
  /** Whether a layer has no default for it. */
  readonly required: boolean;
  /** Values that are refused, for whoever wants to see that they are. */
  readonly refused: readonly unknown[];
  /** Throws a RangeError or a TypeError on behalf of `who` when `value` is not what the key takes. */
  readonly check: (who: string, name: string, value: unknown) => void;
}

/** `key` with a default. */
export const optional = (key: ShapeKey): ShapeKey => ({ ...key, required: false });

/** `key` with a default, where null means that there is none of it. */
export const nullable = (key: ShapeKey): ShapeKey => ({
  ...key,
  takes: `${key.takes} or null`,
  required: false,
  refused: key.refused.filter((value) => value !== null),
  check: (who, name, value) => {
    if (value !== null) key.check(who, name, value);
  },
});

const noSizes = [0, -1, 1.5, NaN, Infinity, 2 ** 53, "4", null, [], {}];

export const size: ShapeKey = {
  takes: "a positive integer",
  required: true,
  refused: noSizes,
  check: positiveInteger,
};

export const count: ShapeKey = {
  takes: "a non-negative integer",
  required: true,
  refused: noSizes.slice(1),
  check: nonNegativeInteger,
};

/** True or false, by default what the layer says. */
export const flag: ShapeKey = {
  takes: "true or false",
  required: false,
  refused: ["true", 1, 0, null, []],
  check: (who, name, value) => {
    if (typeof value !== "boolean") throw new TypeError(`${who}: ${name} must be true or false, got ${shown(value)}`);
  },
};

/** A tensor's shape: a list of positive integers, empty for a scalar. */
export const sizes: ShapeKey = {
  takes: "a list of positive integers",
  required: true,
  refused: [4, "4", null, [0], [-1], [1.5], ["a"], {}, Object.assign([], { 1: 4 })],
  check: (who, name, value) => {
    if (!Array.isArray(value))
      throw new TypeError(`${who}: ${name} must be a list of positive integers, got ${shown(value)}`);
    // forEach of the list itself would pass over a hole.
    Array.from<unknown>(value).forEach((n, i) => {
      positiveInteger(who, `${name}[${i}]`, n);
    });
  },
};

export const sizeOrSizes: ShapeKey = {
  takes: "a positive integer or a list of them",
  required: true,
  refused: [0, -1, 1.5, "4", null, [0], ["a"], {}],
  check: (who, name, value) => {
    (Array.isArray(value) ? sizes : size).check(who, name, value);
  },
};

/** How many dimensions there are is known to the layer, which checks the values against it. */
export const perDimensionSize: ShapeKey = {
  takes: "a positive integer, or one for each dimension",
  required: true,
  refused: [0, -1, 1.5, "4", null, [], [1, 2, 3, 4], {}],
  check: () => {},
};

export const perDimensionCount: ShapeKey = {
  ...perDimensionSize,
  takes: "a non-negative integer, or one for each dimension",
  refused: perDimensionSize.refused.slice(1),
};

/** As perDimensionSize, of factors. */
export const perDimensionFactor: ShapeKey = {
  ...perDimensionSize,
  takes: "a positive number, or one for each dimension",
  refused: [0, -1, NaN, Infinity, "4", null, [], [1, 2, 3, 4], {}],
};

/** See Padding in window.ts; which rules a layer has is known to it. */
export const padding: ShapeKey = {
  takes: "a number, one for each dimension or a pair [before, after], or valid, same, sameUpper, sameLower",
  required: false,
  refused: [-1, 1.5, "full", null, [1, 2, 3, 4], {}],
  check: () => {},
};

/** One of `names`. */
export const choice = (...names: readonly string[]): ShapeKey => ({
  takes: `one of ${names.join(", ")}`,
  required: false,
  refused: ["none of these", 1, null],
  check: (who, name, value) => {
    if (names.includes(value as string)) return;
    const listed = names.map((n) => JSON.stringify(n)).join(names.length === 2 ? " or " : ", ");
    throw new RangeError(`${who}: ${name} must be ${names.length > 2 ? "one of " : ""}${listed}, got ${shown(value)}`);
  },
});

export const dtypeName: ShapeKey = {
  takes: "a dtype's name",
  required: false,
  refused: ["float7", 32, null],
  check: (who, _name, value) => {
    parseDType(who, value);
  },
};

/** A key whose value the layer itself reads; `refused` is what it must not take. */
export const checkedByLayer = (takes: string, refused: readonly unknown[]): ShapeKey => ({
  takes,
  required: true,
  refused,
  check: () => {},
});

/** An object of sizes by name. */
export const namedSizes: ShapeKey = {
  takes: "an object of positive integers",
  required: false,
  refused: [4, "4", null, []],
  check: (who, name, value) => {
    record(who, name, value);
  },
};
