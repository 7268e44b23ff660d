// A device that is not of the table: figures typed in, or those of a machine measured elsewhere, held to be what they
// are said to be.
import { having, knownKeys, record, shown } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import type { Device, Level } from "../roofline.js";

/** The figures of a device of one's own: SI base units, dense peaks. */
export interface DeviceFigures extends Partial<Omit<Device, "peakFlops">> {
  /** FLOP/s by number format; the roofs of a measured machine ("native", …) are taken as such. */
  readonly peakFlops: Readonly<Record<string, number>>;
  /** Byte/s of main memory. */
  readonly bandwidth: number;
}

const who = "device";
const kinds = ["gpu", "tpu", "cpu", "soc", "npu"] as const satisfies readonly Device["kind"][];
type Roofs = NonNullable<Device["roofs"]>;
const roofNames = ["javascript", "wasm", "native"] as const satisfies readonly (keyof Roofs)[];
const read = ["id", "name", "kind", "peakFlops", "bandwidth", "memory", "tdp", "levels", "roofs", "caches", "note"];
/** What the table's devices and `ridgepoint machine --json` have beside them; sources are those of other figures. */
const passedOver = ["sources", "threads", "oneThread", "noise", "seconds", "notes", "refusal", "curve"];

/** Below this, a figure is in giga- or tera-units, not in base units. */
const least = 1e6;

/** The Device of these figures. Throws where one is missing, is no number of base units, or has a key not known. */
export function ownDevice(figures: DeviceFigures): Device {
  record(who, "figures", figures);
  knownKeys(who, Object.fromEntries(Object.entries(figures).filter(([key]) => !passedOver.includes(key))), read);
  for (const key of ["peakFlops", "bandwidth"] as const)
    if (figures[key] === undefined) throw new RangeError(`${who}: ${key} must be given, got ${shown(figures)}`);
  const { refusal } = figures as { refusal?: unknown };
  if (refusal !== undefined)
    throw new RangeError(`${who}: measured figures must not contradict each other, got ${shown(refusal)}`);
  const { name = "own device", id = name, kind = "gpu", memory, tdp, levels, caches, note } = figures;
  for (const [key, text] of Object.entries({ name, id, note: note ?? name }))
    if (typeof text !== "string" || text === "")
      throw new TypeError(`${who}: ${key} must be a text, got ${shown(text)}`);
  if (!kinds.includes(kind))
    throw new RangeError(`${who}: kind must be one of ${kinds.join(", ")}, got ${shown(kind)}`);
  const roofs = { ...roofsOf("roofs", figures.roofs ?? {}), ...roofsOf("peakFlops", figures.peakFlops) };
  return {
    id,
    name,
    kind,
    peakFlops: peaksOf(figures.peakFlops),
    bandwidth: amount("bandwidth", "byte/s", figures.bandwidth),
    ...(memory === undefined ? {} : { memory: amount("memory", "bytes", memory) }),
    ...(tdp === undefined ? {} : { tdp: amount("tdp", "watt", tdp, 0) }),
    ...(levels === undefined ? {} : { levels: levelsOf(levels) }),
    ...(Object.keys(roofs).length === 0 ? {} : { roofs }),
    ...(caches === undefined ? {} : { caches: amounts("caches", "bytes", caches, 0) }),
    ...(note === undefined ? {} : { note }),
    sources: {},
  };
}

/** Peaks by canonical format; a measured machine's roofs are left out. */
function peaksOf(given: Readonly<Record<string, number>>): Partial<Record<DType, number>> {
  const peaks: Partial<Record<DType, number>> = {};
  for (const [name, peak] of Object.entries(amounts("peakFlops", "FLOP/s", given, least))) {
    if (isRoof(name)) continue;
    const dtype = parseDType(`${who}: peakFlops`, name);
    if (peaks[dtype] !== undefined)
      throw new RangeError(`${who}: peakFlops must have ${dtype} once, got it as ${shown(name)} too`);
    peaks[dtype] = peak;
  }
  if (Object.keys(peaks).length === 0)
    throw new RangeError(`${who}: peakFlops must have a number format such as bf16, got ${shown(given)}`);
  return peaks;
}

const isRoof = (name: string): name is keyof Roofs => (roofNames as readonly string[]).includes(name);

const roofsOf = (key: string, given: object): Roofs =>
  Object.fromEntries(Object.entries(amounts(key, "FLOP/s", given, least)).filter(([name]) => isRoof(name)));

/** Levels as a file has them, in which JSON has no Infinity for the bytes of main memory. */
function levelsOf(given: readonly Level[]): Level[] {
  if (!Array.isArray(given)) throw new TypeError(`${who}: levels must be an array, got ${shown(given)}`);
  return given.map((level: Level, i) => {
    having(who, `levels[${i}]`, "a level with its name", level, "level");
    const bytes = (level.bytes as number | null) ?? Infinity;
    return { ...level, bytes, read: amount(`levels[${i}].read`, "byte/s", level.read) };
  });
}

function amounts(key: string, unit: string, given: object, from: number): Record<string, number> {
  record(who, key, given);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, amount(`${key}.${name}`, unit, value, from)]),
  );
}

function amount(key: string, unit: string, value: unknown, from = least): number {
  const must = from === 0 ? `a number of ${unit} above 0` : `a number of ${unit}, ${from} or more`;
  if (typeof value !== "number") throw new TypeError(`${who}: ${key} must be ${must}, got ${shown(value)}`);
  if (!(value > 0 && value >= from && value < Infinity))
    throw new RangeError(`${who}: ${key} must be ${must}, got ${shown(value)}`);
  return value;
}
