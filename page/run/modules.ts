// What cells import: the library, as far as it runs in a page, and "assert".
import * as lib from "../../lib/lecturePage.js";
import { assert } from "./assert.js";

/** What a name of the library is that needs Node: its data, where it is data. */
export interface NodeOnly {
  readonly data: Readonly<Record<string, unknown>>;
  readonly functions: readonly string[];
  /** Names that are types, and so nothing when a cell runs. */
  readonly types: readonly string[];
}

const bare = (value: object): Record<string, unknown> => Object.assign(Object.create(null), value);

/**
 * Looks up what cells import. `measured` shows the recorded run, and what needs Node says so when it is called.
 */
export function cellModules({ data, functions, types }: NodeOnly, records: readonly lib.Recorded[]) {
  const modules = { lib: bare({ ...lib, ...data }), assert: assert as unknown as Record<string, unknown> };
  for (const name of functions)
    modules.lib[name] = () => {
      throw new Error(`${name}: it must run under Node, got a page; npm run lab opens the notebook`);
    };
  modules.lib["measured"] = (title: string) => Promise.resolve(recorded(title, records));
  return {
    module: (name: keyof typeof modules) => modules[name],
    imported(name: keyof typeof modules, key: string): unknown {
      if (key in modules[name]) return modules[name][key];
      if (name === "lib" && types.includes(key)) return undefined;
      throw new SyntaxError(`The requested module "${name === "lib" ? "../lib" : name}" has no export named "${key}"`);
    },
  };
}

function recorded(title: string, records: readonly lib.Recorded[]): object {
  const found = lib.recordedRun(title, "a page does not measure", { records });
  if (!found) throw new Error(`${title}: a page does not measure, and no recorded run holds it`);
  return found;
}
