// Runs cells, one after another, wherever it is: in a page's worker, or in Node for its tests. How a module is loaded,
// and who takes the outputs, is handed in.
import {
  hostLessons,
  type Bundle,
  type DisplayOptions,
  type Explorable,
  type ExplorableShown,
  type ExplorableState,
  type Recorded,
} from "../../lib/lecturePage.js";
import { compileCell } from "../compile/cell.js";
import { cellConsole, formatted } from "./console.js";
import { DrawnDocument } from "./document.js";
import { failureOf, type Failure, type LoadedCell } from "./failure.js";
import { cellModules, type Measuring, type NodeOnly } from "./modules.js";
import { createNames } from "./names.js";
import { narrow } from "./narrow.js";

/** One output of a cell. */
export type Output =
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "display"; readonly bundle: Bundle; readonly id?: string; readonly update?: boolean }
  | { readonly kind: "explorable"; readonly id: number; readonly explorable: Moving }
  | ({ readonly kind: "error" } & Failure);

/** An explorable as its page gets it: what it is about, what is set, and its first state. */
export interface Moving {
  readonly title: string;
  readonly description: string;
  readonly controls: Explorable["controls"];
  readonly first: ExplorableState;
  readonly shown: ExplorableShown;
}

/** What the runner needs of the place where it runs. */
export interface RunnerHost {
  /** Loads a module's text; its address is what stack traces name. */
  load(code: string): Promise<{ address: string; default: (names: object, cell: object) => Promise<unknown> }>;
  /** Takes one output of cell `index`. */
  output(index: number, output: Output): void;
  /** Told of every answer that a check looked at. */
  checked?(id: string, right: boolean): void;
  readonly nodeOnly: NodeOnly;
  readonly records: readonly Recorded[];
  /** Whether recorded runs are shown as their own machine showed them; default as recorded ones. */
  readonly own?: boolean;
}

/** Runs the cells of one lecture. */
export interface Runner {
  /** Runs `source` as cell `index`; whether it ran to its end. */
  run(index: number, source: string): Promise<boolean>;
  /** Gives cells what measures, so that `measured` shows figures of this machine. */
  measure(measuring: Measuring): void;
  /** Calls a function of the library, its output going to cell `index`. */
  say(index: number, name: "hint" | "solution", id: string): void;
  /** An explorable that was shown, in another state. */
  picture(id: number, state: ExplorableState): ExplorableShown;
}

export function createRunner(host: RunnerHost): Runner {
  const names = createNames();
  const modules = cellModules(host.nodeOnly, host.records, host.own);
  const document = new DrawnDocument();
  const loaded: LoadedCell[] = [];
  const explored: Explorable[] = [];
  let running = 0;

  const send = (output: Output): void => host.output(running, output);
  hostLessons({
    document,
    narrow,
    display: (bundle: Bundle, { id, update }: DisplayOptions) => send({ kind: "display", bundle, id, update }),
    checked: (id, right) => host.checked?.(id, right),
    explore(explorable) {
      const { title, description, controls, first } = explorable;
      const shown = explorable.shown(first, document);
      const moving = { title, description, first, shown, controls: controls.map((each) => ({ ...each })) };
      send({ kind: "explorable", id: explored.push(explorable) - 1, explorable: moving });
    },
  });
  Object.assign(
    console,
    cellConsole((name, text) => send({ kind: "stream", name, text })),
  );

  async function run(index: number, source: string): Promise<boolean> {
    running = index;
    names.forget(index, `cell ${index + 1} defines it, and did not run to its end`);
    try {
      const compiled = compileCell(source, names.above(index));
      const module = await host.load(compiled.code);
      loaded.push({ ...compiled, index, address: module.address });
      let defined = {};
      const value = await module.default(names.viewFrom(index), {
        ...modules,
        define: (accessors: object) => {
          defined = accessors;
        },
      });
      names.define(index, defined);
      if (value !== undefined && value !== null)
        send({ kind: "stream", name: "stdout", text: `${formatted([value])}\n` });
      return true;
    } catch (error) {
      send({ kind: "error", ...failureOf(error, index, loaded) });
      return false;
    }
  }

  return {
    run,
    measure: modules.measure,
    say(index, name, id) {
      running = index;
      (modules.module("lib")[name] as (id: string) => void)(id);
    },
    picture: (id, state) => explored[id]!.shown(state, document),
  };
}
