// Pictures of a cache: addresses entering their sets, and a transposed copy with and without tiles.
import { gridChart, sideBySideChart, type Chart, type GridCell } from "../../charts/index.js";
import { positiveIntegers, shown } from "../../check.js";
import { cacheHits, cacheModel, type CacheModel } from "../../tensor/index.js";
import { transposeWalk } from "./transposeWalk.js";

/**
 * The bits of byte `addresses` (tag, set, offset), and beside them the cache after they were read in turn: each stands
 * in its set, until a set with too few ways put it out. Sets and bytes of a line are powers of two.
 */
export function addressPicture(addresses: readonly number[], cache: CacheModel): Chart {
  const [offsetBits, setBits] = [Math.log2(cache.lineBytes), Math.log2(cache.sets)];
  if (!Number.isInteger(offsetBits) || !Number.isInteger(setBits))
    throw new RangeError(`addressPicture: lineBytes and sets must be powers of two, got ${shown(cache)}`);
  const bits = Math.max(offsetBits + setBits + 1, ...addresses.map((address) => address.toString(2).length));
  const partOf = (bit: number): string => {
    if (bit < offsetBits) return "offset in the line";
    return bit < offsetBits + setBits ? "set" : "tag";
  };
  const { kept, out } = residents(addresses, cache);
  const left = gridChart(
    addresses.flatMap((address, row) =>
      Array.from({ length: bits }, (_, column): GridCell => {
        const bit = bits - 1 - column;
        return { row, column, family: partOf(bit), text: String(Math.floor(address / 2 ** bit) % 2) };
      }),
    ),
    {
      title: "Bits of an address",
      families: ["tag", "set", "offset in the line"],
      rowNames: addresses.map(String),
      y: "Byte address, read from the top",
      width: 520,
    },
  );
  const right = gridChart(
    Array.from({ length: cache.sets * cache.ways }, (_, i): GridCell => {
      const [row, column] = [Math.floor(i / cache.ways), i % cache.ways];
      const address = kept[row]![column];
      return address === undefined ? { row, column } : { row, column, family: "kept", text: String(address) };
    }),
    {
      title: `${cache.sets} sets of ${cache.ways} ways, afterwards`,
      families: ["kept"],
      rowNames: kept.map((_, set) => `set ${set}`),
      y: `Ways. Put out: ${out.length === 0 ? "none" : out.join(", ")}`,
      width: 360,
    },
  );
  return sideBySideChart(left, right, { title: "An address enters its set" });
}

/** The addresses whose lines stand in each set, the least recently used first, and those that were put out. */
function residents(addresses: readonly number[], { lineBytes, sets, ways }: CacheModel) {
  const lineOf = (address: number): number => Math.floor(address / lineBytes);
  const kept: number[][] = Array.from({ length: sets }, () => []);
  const out: number[] = [];
  for (const address of addresses) {
    const set = kept[lineOf(address) % sets]!;
    const at = set.findIndex((other) => lineOf(other) === lineOf(address));
    if (at >= 0) set.splice(at, 1);
    else if (set.length === ways) out.push(set.shift()!);
    set.push(address);
  }
  return { kept, out };
}

/**
 * A square of fp32 copied into its transpose in tiles of `tile` (`side`: no tiles), numbered in the order of visit:
 * which reads and which writes miss. Default a cache of eight lines of four values, any line in any of them.
 */
export function transposePicture(
  { side, tile }: { side: number; tile: number },
  cache: CacheModel = cacheModel({ lineBytes: 16, sets: 1, ways: 8 }),
): Chart {
  positiveIntegers("transposePicture", { side, tile });
  const addresses = [...transposeWalk(side, tile)];
  const hits = cacheHits(addresses, cache);
  const half = (title: string, parity: number): Chart => {
    const cells = addresses.flatMap((address, i): GridCell[] => {
      if (i % 2 !== parity) return [];
      const element = address / 4 - parity * side * side;
      const place = { row: Math.floor(element / side), column: element % side };
      return [{ ...place, family: hits[i] ? "hit" : "miss", text: String((i - parity) / 2 + 1) }];
    });
    const missed = cells.filter(({ family }) => family === "miss").length;
    return gridChart(cells, {
      title: `${title}: ${missed} of ${cells.length} miss`,
      families: ["hit", "miss"],
      ruleEvery: cache.lineBytes / 4,
      width: 360,
    });
  };
  const how = tile >= side ? "without tiles" : `in tiles of ${tile} × ${tile}`;
  return sideBySideChart(half("Read", 0), half("Written", 1), { title: `A transposed copy ${how}` });
}
