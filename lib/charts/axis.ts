// Ticks: few, round, and in SI prefixes on log axes.
import { formatted, trimmed, type Format } from "./text.js";

export interface AxisOptions {
  scale?: "linear" | "log";
  format?: Format;
  unit?: string;
  domain?: readonly [number, number];
}

/** The extent of `values`, widened: by a factor on a log axis, from zero on a linear one unless `zero` is false. */
export function domainOf(
  values: readonly number[],
  { scale = "linear", domain }: AxisOptions = {},
  { zero = true, pad = 0.05 } = {},
): [number, number] {
  if (domain) return [domain[0], domain[1]];
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (scale === "log") {
    const f = (high / low) ** pad * 1.15;
    return [low / f, high * f];
  }
  if (zero) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  const room = (high - low || Math.abs(high) || 1) * pad;
  // What is never negative has no axis below zero.
  return [low >= 0 ? Math.max(0, low - room) : low - room, high <= 0 ? Math.min(0, high + room) : high + room];
}

/**
 * Ticks inside a log domain, at most `most`: powers of ten over three of them or more; over less, powers of two where
 * these are ordinary counts (batches, tokens), else 1, 2 and 5 of each decade, else round steps.
 */
export function logTicks(domain: readonly [number, number], most = 9): number[] {
  const ticks = allTicks(domain);
  const step = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % step === 0);
}

function allTicks(domain: readonly [number, number]): number[] {
  const [low, high] = domain;
  const tens = powers(10, domain);
  if (tens.length >= 3) return tens;
  if (high / low < 8) return steps(domain);
  return low >= 0.5 && high <= 20_000 ? powers(2, domain) : oneTwoFive(domain);
}

/**
 * The base that a log axis is told. d3 names only ticks near a power of the base; with one that is no integer it names
 * all that it is given.
 */
export const logBase = (domain: readonly [number, number]): number => (powers(10, domain).length >= 3 ? 10 : 1000.5);

function powers(base: number, [low, high]: readonly [number, number]): number[] {
  const out: number[] = [];
  for (let e = Math.ceil(Math.log(low) / Math.log(base) - 1e-9); base ** e <= high * (1 + 1e-9); e++)
    out.push(base ** e);
  return out;
}

function oneTwoFive([low, high]: readonly [number, number]): number[] {
  const decades = powers(10, [low / 10, high]);
  return decades.flatMap((d) => [d, 2 * d, 5 * d]).filter((v) => v >= low && v <= high);
}

function steps([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * ([1, 2, 5].find((m) => m * ten >= rough) ?? 10);
  return Array.from({ length: 12 }, (_, i) => Number(((Math.ceil(low / step) + i) * step).toPrecision(12))).filter(
    (v) => v >= low && v <= high,
  );
}

/** About what a letter of a tick's label takes, and the gap to the next label, in pixels. */
const letter = 6.5;
const gap = 8;

/** How many labels as long as the longest of `texts` fit side by side into `room` pixels; at least two. */
const fitting = (texts: readonly string[], room: number): number =>
  Math.max(2, Math.floor(room / (letter * Math.max(...texts.map((text) => text.length)) + gap)));

/** Plot's scale options for an axis without a label of its own. `room`: pixels of a horizontal one. */
export function axis(
  values: readonly number[],
  options: AxisOptions & { ticks?: number; room?: number } = {},
  widen: { zero?: boolean; pad?: number } = {},
): {
  type: "linear" | "log";
  domain: [number, number];
  ticks: number | number[];
  tickFormat: (v: number) => string;
  label: null;
  grid: boolean;
  nice?: boolean;
  base?: number;
} {
  const { scale = "linear", format = "plain", unit = "", ticks = 6, room = Infinity } = options;
  const domain = domainOf(values, options, widen);
  const tickFormat = (v: number): string => {
    if (v === 0) return "0";
    const text = formatted(v, format, unit);
    return format === "plain" && scale === "log" && !unit ? trimmed(text) : trimmed(text);
  };
  const placed = (): number[] => logTicks(domain, Math.min(9, fitting(logTicks(domain).map(tickFormat), room)));
  // A linear scale gives up to one and a half times as many as it is asked for.
  const few = (): number => Math.max(2, Math.floor(fitting(steps(domain).map(tickFormat), room) / 1.5));
  return {
    type: scale,
    domain,
    ticks: scale === "log" ? placed() : Math.min(ticks, few()),
    tickFormat,
    label: null,
    grid: true,
    ...(scale === "linear" && !options.domain ? { nice: true } : {}),
    ...(scale === "log" ? { base: logBase(domain) } : {}),
  };
}
