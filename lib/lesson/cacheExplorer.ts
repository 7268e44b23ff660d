// A walk down the columns of a small matrix, access by access: what a small cache has, and what it must fetch.
import { gridChart } from "../charts/index.js";
import { cacheHits, cacheModel, loopAddresses, setsTouched } from "../tensor/cacheModel.js";
import { tableOf } from "../text/table.js";
import type { ExplorableState } from "./controls.js";
import { explorable, type Explorable } from "./explorable.js";
import type { ExplorableView } from "./shown.js";

/** Elements of the matrix; each is visited once. */
const elements = 128;
/** Addresses in a row of the picture. */
const across = 16;

/** What the library says of one state. */
export interface CacheFigures {
  /** Byte addresses in the order of visit. */
  readonly addresses: readonly number[];
  /** Whether each of them hits. */
  readonly hits: readonly boolean[];
  readonly misses: number;
  readonly fetchedBytes: number;
  readonly usefulBytes: number;
  readonly sets: number;
}

export function cacheFigures(state: ExplorableState): CacheFigures {
  const of = (name: string): number => Number(state[name]);
  const [stride, elementBytes, done] = [of("stride"), of("elementBytes"), of("done")];
  const cache = cacheModel({ lineBytes: of("lineBytes"), sets: of("sets"), ways: of("ways") });
  const addresses = loopAddresses({ sizes: [stride, elements / stride], strides: [1, stride], elementBytes }, done);
  const hits = cacheHits(addresses, cache);
  const misses = hits.filter((hit) => !hit).length;
  return {
    addresses,
    hits,
    misses,
    fetchedBytes: misses * cache.lineBytes,
    usefulBytes: addresses.length * elementBytes,
    sets: setsTouched(addresses, cache),
  };
}

/**
 * 128 elements, walked down the columns of a matrix whose rows are `stride` long (1: straight through), each visited
 * once, and a cache that is cold at first: which accesses hit and which fetch a line. In a live page the walk runs.
 */
export function cacheExplorer(): Explorable {
  const powers = (...values: number[]) => values;
  return explorable({
    title: "A walk and a small cache",
    controls: [
      { name: "stride", label: "Stride", values: powers(1, 2, 4, 8, 16, 32), start: 4, states: powers(1, 8, 16, 32) },
      {
        name: "elementBytes",
        label: "Bytes of an element",
        values: powers(1, 2, 4, 8),
        start: 2,
        states: powers(4, 8),
      },
      { name: "lineBytes", label: "Bytes of a line", values: powers(16, 32, 64, 128), start: 2, states: powers(64) },
      { name: "sets", label: "Sets", values: powers(1, 2, 4, 8), start: 2, states: powers(1, 4) },
      { name: "ways", label: "Ways", values: powers(1, 2, 4, 8), start: 0, states: powers(1, 2) },
      {
        name: "done",
        label: "Accesses",
        range: { min: 1, max: elements },
        start: elements,
        states: [elements],
        play: true,
      },
    ],
    draw: viewed,
  });
}

function viewed(state: ExplorableState): ExplorableView {
  const { addresses, hits, misses, fetchedBytes, usefulBytes, sets } = cacheFigures(state);
  const elementBytes = Number(state["elementBytes"]);
  const lineCells = Number(state["lineBytes"]) / elementBytes;
  const step = new Map(addresses.map((address, i) => [address / elementBytes, i]));
  const cells = Array.from({ length: elements }, (_, element) => {
    const i = step.get(element);
    const place = { column: element % across, row: Math.floor(element / across) };
    return i === undefined ? place : { ...place, family: hits[i] ? "hit" : "miss", text: String(i + 1) };
  });
  const many = `${misses} of ${addresses.length} accesses miss`;
  const times = Number((fetchedBytes / usefulBytes).toFixed(2));
  const told = `${many}: ${times} ${times === 1 ? "byte" : "bytes"} fetched for each one used.`;
  return {
    charts: [
      gridChart(cells, {
        title: `${elements} elements, numbered in the order of visit`,
        families: ["hit", "miss"],
        rowNames: Array.from({ length: elements / across }, (_, row) => `${row * across} …`),
        ...(lineCells < across ? { ruleEvery: lineCells } : {}),
        y: `Element${lineCells < across ? ", a rule after each line" : ` (${lineCells} in a line)`}`,
        width: 480,
        height: 320,
        description: told,
      }),
    ],
    table: tableOf([
      {
        accesses: addresses.length,
        misses,
        "share that misses": `${((100 * misses) / addresses.length).toFixed(1)} %`,
        "bytes fetched": fetchedBytes,
        "bytes used": usefulBytes,
        "sets used": sets,
      },
    ]),
    sentence: told,
  };
}
