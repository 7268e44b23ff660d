// What cells import: the library, as far as it runs in a page, and "assert".
import * as lib from "../../lib/lecturePage.js";
import type * as measuring from "../../lib/measuring.js";
import { assert } from "./assert.js";

/** What a name of the library is that needs Node: its data, where it is data. */
export interface NodeOnly {
  readonly data: Readonly<Record<string, unknown>>;
  readonly functions: readonly string[];
  /** Names that are types, and so nothing when a cell runs. */
  readonly types: readonly string[];
}

/** What measures: a program of its own, which a page loads when it is asked to. */
export type Measuring = typeof measuring;

const bare = (value: object): Record<string, unknown> => Object.assign(Object.create(null), value);

/**
 * Looks up what cells import. Until there is something that measures, `measured` shows the recorded run, or, with
 * `own`, gives it as its own machine showed it; what needs Node says so when it is called.
 */
export function cellModules({ data, functions, types }: NodeOnly, records: readonly lib.Recorded[], own = false) {
  const modules = { lib: bare({ ...lib, ...data }), assert: assert as unknown as Record<string, unknown> };
  for (const name of functions)
    modules.lib[name] = () => {
      throw new Error(`${name}: it must run under Node, got a page; npm run lab opens the notebook`);
    };
  let measuring: Measuring | undefined;
  const place: lib.MeasuringPlace = {
    machine: () => measuring?.thisMachine() ?? "",
    records: () => records,
    off: () => (measuring ? undefined : "a page does not measure unless it is asked to"),
    watch: () => measuring!.pageSpoiled(),
  };
  modules.lib["measured"] = (title: string, run: () => object, options?: lib.MeasuredOptions) =>
    own ? Promise.resolve(ownRun(title, records)) : lib.measuredIn(place, title, run, measuring ? options : {});
  return {
    measure(program: Measuring): void {
      measuring = program;
      Object.assign(modules.lib, program);
    },
    module: (name: keyof typeof modules) => modules[name],
    imported(name: keyof typeof modules, key: string): unknown {
      if (key in modules[name]) return modules[name][key];
      if (name === "lib" && types.includes(key)) return undefined;
      throw new SyntaxError(`The requested module "${name === "lib" ? "../lib" : name}" has no export named "${key}"`);
    },
  };
}

/** The recorded run as its own machine showed it. */
function ownRun(title: string, records: readonly lib.Recorded[]): object {
  const record = records.find(({ runs }) => Object.hasOwn(runs, title));
  if (!record) throw new Error(`${title}: no recorded run holds it`);
  return { ...record.runs[title], origin: record.machine };
}
