// The only place where prefixes exist. Everything else in lib is in SI base units: FLOP, byte, second, FLOP/s, byte/s.

const siPrefixes: readonly (readonly [number, string])[] = [
  [1e24, "Y"],
  [1e21, "Z"],
  [1e18, "E"],
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
  [1e-12, "p"],
];
const binaryPrefixes: readonly (readonly [number, string])[] = [
  [2 ** 60, "Ei"],
  [2 ** 50, "Pi"],
  [2 ** 40, "Ti"],
  [2 ** 30, "Gi"],
  [2 ** 20, "Mi"],
  [2 ** 10, "Ki"],
  [1, ""],
];

/** "3.35 TB/s" from 3.35e12 and "B/s": decimal prefix, three significant digits unless told otherwise. */
export function si(value: number, unit = "", digits = 3): string {
  return prefixed(value, unit, digits, siPrefixes);
}

/** "48 MiB" from 50331648 and "B": binary prefix. */
export function binary(value: number, unit = "B", digits = 3): string {
  return prefixed(value, unit, digits, binaryPrefixes);
}

function prefixed(
  value: number,
  unit: string,
  digits: number,
  prefixes: readonly (readonly [number, string])[],
): string {
  if (!Number.isFinite(value)) return `${value}${unit && ` ${unit}`}`;
  const size = Math.abs(value);
  let i = size === 0 ? prefixes.findIndex(([s]) => s === 1) : prefixes.findIndex(([s]) => size >= s);
  if (i < 0) i = prefixes.length - 1;
  // 999.96 k rounds to 1000 k at three digits: step up to 1.00 M.
  if (i > 0 && Number((size / prefixes[i]![0]).toPrecision(digits)) * prefixes[i]![0] >= prefixes[i - 1]![0]) i--;
  const [scale, prefix] = prefixes[i]!;
  const suffix = `${prefix}${unit}`;
  return `${significant(value / scale, digits)}${suffix && ` ${suffix}`}`;
}

/**
 * At least `digits` significant digits, never an exponent for ordinary magnitudes, the integer part never rounded away.
 */
export function significant(value: number, digits = 3): string {
  if (value === 0) return "0";
  // The exponent after rounding: 0.9999 is 1.00 at three digits, not 1.000.
  const magnitude = Number(value.toExponential(digits - 1).split("e")[1] ?? 0);
  return value.toFixed(Math.min(100, Math.max(0, digits - 1 - magnitude)));
}

/** 7267221504 -> "7,267,221,504". */
export function grouped(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 20 });
}

/** A time in the prefix that fits: "1.41 µs". */
export const formatTime = (seconds: number, digits = 3): string => si(seconds, "s", digits);
