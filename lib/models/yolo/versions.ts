// YOLO's versions as tables: which block stands where and reads what. Data only.

/** Widths and depths of a scale: depth, width, most channels. */
export type Scale = readonly [depth: number, width: number, most: number];

/**
 * What a row reads (-1: the row before), how often its block is repeated at depth 1, the block, and what else it is
 * told: channels at width 1 first, then what blocks.ts names.
 */
export type Row = readonly [
  from: number | readonly number[],
  repeats: number,
  block: "conv" | "c3" | "c2f" | "c3k2" | "sppf" | "c2psa" | "a2c2f" | "upsample" | "concat" | "detect" | "classify",
  ...args: readonly (number | boolean)[],
];

/** A version. */
export interface Version {
  /** Scales by their letter. */
  readonly scales: Readonly<Record<string, Scale>>;
  /** Rows before the head. */
  readonly backbone: readonly Row[];
  /** Rows of the head for boxes. */
  readonly head: readonly Row[];
  /** Values of a distance's distribution; default 16. */
  readonly bins?: number;
  /** Whether classes come from full convolutions; default false. */
  readonly full?: boolean;
  /** Whether a second head is run; default false. */
  readonly twice?: boolean;
}

const down = (channels: number): Row => [-1, 1, "conv", channels, 3, 2];
const up: Row = [-1, 1, "upsample"];
const beside = (row: number): Row => [[-1, row], 1, "concat"];
const detect = (...rows: readonly number[]): Row => [rows, 1, "detect"];

const wide = { n: [0.33, 0.25, 1024], s: [0.33, 0.5, 1024] } as const;
const newer = {
  n: [0.5, 0.25, 1024],
  s: [0.5, 0.5, 1024],
  m: [0.5, 1, 512],
  l: [1, 1, 512],
  x: [1, 1.5, 512],
} as const;

export const v5: Version = {
  scales: { ...wide, m: [0.67, 0.75, 1024], l: [1, 1, 1024], x: [1.33, 1.25, 1024] },
  full: true,
  backbone: [
    [-1, 1, "conv", 64, 6, 2, 2],
    down(128),
    [-1, 3, "c3", 128, true],
    down(256),
    [-1, 6, "c3", 256, true],
    down(512),
    [-1, 9, "c3", 512, true],
    down(1024),
    [-1, 3, "c3", 1024, true],
    [-1, 1, "sppf", 1024, 5, true],
  ],
  head: [
    [-1, 1, "conv", 512, 1, 1],
    up,
    beside(6),
    [-1, 3, "c3", 512, false],
    [-1, 1, "conv", 256, 1, 1],
    up,
    beside(4),
    [-1, 3, "c3", 256, false],
    down(256),
    beside(14),
    [-1, 3, "c3", 512, false],
    down(512),
    beside(10),
    [-1, 3, "c3", 1024, false],
    detect(17, 20, 23),
  ],
};

export const v8: Version = {
  scales: { ...wide, m: [0.67, 0.75, 768], l: [1, 1, 512], x: [1, 1.25, 512] },
  full: true,
  backbone: [
    down(64),
    down(128),
    [-1, 3, "c2f", 128, true],
    down(256),
    [-1, 6, "c2f", 256, true],
    down(512),
    [-1, 6, "c2f", 512, true],
    down(1024),
    [-1, 3, "c2f", 1024, true],
    [-1, 1, "sppf", 1024, 5, true],
  ],
  head: [
    up,
    beside(6),
    [-1, 3, "c2f", 512, false],
    up,
    beside(4),
    [-1, 3, "c2f", 256, false],
    down(256),
    beside(12),
    [-1, 3, "c2f", 512, false],
    down(512),
    beside(9),
    [-1, 3, "c2f", 1024, false],
    detect(15, 18, 21),
  ],
};

/** The scales of version 8's classifier: none has fewer channels than its width says. */
export const v8ClassifyScales: Version["scales"] = {
  ...wide,
  m: [0.67, 0.75, 1024],
  l: [1, 1, 1024],
  x: [1, 1.25, 1024],
};

const start: readonly Row[] = [
  down(64),
  down(128),
  [-1, 2, "c3k2", 256, false, 0.25],
  down(256),
  [-1, 2, "c3k2", 512, false, 0.25],
  down(512),
];
const c3k2Backbone = (...sppf: readonly (number | boolean)[]): readonly Row[] => [
  ...start,
  [-1, 2, "c3k2", 512, true],
  down(1024),
  [-1, 2, "c3k2", 1024, true],
  [-1, 1, "sppf", 1024, 5, ...sppf],
  [-1, 2, "c2psa", 1024],
];
const c3k2Head = (nested: boolean, last: Row): readonly Row[] => [
  up,
  beside(6),
  [-1, 2, "c3k2", 512, nested],
  up,
  beside(4),
  [-1, 2, "c3k2", 256, nested],
  down(256),
  beside(13),
  [-1, 2, "c3k2", 512, nested],
  down(512),
  beside(10),
  last,
  detect(16, 19, 22),
];

export const v11: Version = {
  scales: newer,
  backbone: c3k2Backbone(true),
  head: c3k2Head(false, [-1, 2, "c3k2", 1024, true]),
};

export const v12: Version = {
  scales: newer,
  backbone: [...start, [-1, 4, "a2c2f", 512, true, 4], down(1024), [-1, 4, "a2c2f", 1024, true, 1]],
  head: [
    up,
    beside(6),
    [-1, 2, "a2c2f", 512, false],
    up,
    beside(4),
    [-1, 2, "a2c2f", 256, false],
    down(256),
    beside(11),
    [-1, 2, "a2c2f", 512, false],
    down(512),
    beside(8),
    [-1, 2, "c3k2", 1024, true],
    detect(14, 17, 20),
  ],
};

export const v26: Version = {
  scales: newer,
  bins: 1,
  twice: true,
  backbone: c3k2Backbone(false, true),
  head: c3k2Head(true, [-1, 1, "c3k2", 1024, true, 0.5, true]),
};
