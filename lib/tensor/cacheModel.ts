// A small cache: which accesses of a walk would miss. It knows lines, sets, ways and least-recently-used; no prefetch,
// no levels, no pages.
import { positiveIntegers, record } from "../check.js";

/** A cache. Its capacity is `lineBytes` · `sets` · `ways`: 64 · 64 · 8 = 32 KiB is a common first level. */
export interface CacheModel {
  /** Bytes of a line; default 64. */
  readonly lineBytes: number;
  /** Sets; default 64. */
  readonly sets: number;
  /** Lines in a set; default 8. */
  readonly ways: number;
}

/** A cache to hold walks against. Throws unless all three are positive integers. */
export function cacheModel({ lineBytes = 64, sets = 64, ways = 8 }: Partial<CacheModel> = {}): CacheModel {
  positiveIntegers("cacheModel", { lineBytes, sets, ways });
  return { lineBytes, sets, ways };
}

/** A nest of loops over values, outermost first. */
export interface Loops {
  /** How often each loop runs. */
  readonly sizes: readonly number[];
  /** How many values each loop moves on. */
  readonly strides: readonly number[];
  /** Bytes of a value; default 4, fp32. */
  readonly elementBytes?: number;
}

/**
 * The byte addresses that a nest of loops visits, in order, from 0; at most `limit` of them. What the layout
 * experiments measured, a cache model can predict.
 */
export function loopAddresses({ sizes, strides, elementBytes = 4 }: Loops, limit: number = 2 ** 18): number[] {
  positiveIntegers("loopAddresses", {
    limit,
    elementBytes,
    ...Object.fromEntries(sizes.map((size, d) => [`sizes[${d}]`, size])),
  });
  if (strides.length !== sizes.length)
    throw new RangeError(`loopAddresses: strides must be ${sizes.length}, one for each size, got ${strides.length}`);
  const addresses: number[] = [];
  const inner = sizes.length - 1;
  const visit = (dimension: number, at: number): void => {
    for (let i = 0; i < sizes[dimension]! && addresses.length < limit; i++) {
      const element = at + i * strides[dimension]!;
      if (dimension === inner) addresses.push(elementBytes * element);
      else visit(dimension + 1, element);
    }
  };
  if (inner >= 0) visit(0, 0);
  return addresses;
}

/** Misses of a walk over byte `addresses`, the cache cold at first, each access touching one line. */
export function misses(addresses: Iterable<number>, cache: CacheModel): number {
  let missed = 0;
  for (const hit of cacheHits(addresses, cache)) if (!hit) missed++;
  return missed;
}

/** Whether each access of a walk over byte `addresses` hits, the cache cold at first, each touching one line. */
export function cacheHits(addresses: Iterable<number>, cache: CacheModel): boolean[] {
  record("cacheHits", "cache", cache);
  // The lines of each set, the least recently used one first: few enough to look through.
  const sets = new Map<number, number[]>();
  const hits: boolean[] = [];
  for (const address of addresses) {
    const line = Math.floor(address / cache.lineBytes);
    const key = ((line % cache.sets) + cache.sets) % cache.sets;
    let set = sets.get(key);
    if (!set) {
      set = [];
      sets.set(key, set);
    }
    const at = set.lastIndexOf(line);
    if (at >= 0) set.splice(at, 1);
    else if (set.length >= cache.ways) set.shift();
    set.push(line);
    hits.push(at >= 0);
  }
  return hits;
}

/** The share of accesses that miss, 0 to 1. NaN for an empty walk. */
export function missRatio(addresses: readonly number[], cache: CacheModel): number {
  return misses(addresses, cache) / addresses.length;
}

/** The sets that a walk touches. */
export function setsTouched(addresses: Iterable<number>, { lineBytes, sets }: CacheModel): number {
  const touched = new Set<number>();
  for (const a of addresses) touched.add(Math.floor(a / lineBytes) % sets);
  return touched.size;
}
