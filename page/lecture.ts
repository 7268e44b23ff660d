// A lecture's page, once the reader uses it: cells that are edited and run, in the order of the page.
import type { Recorded } from "../lib/lecturePage.js";
import { cellsOf, exerciseIn, sourceOf, type Deed } from "./view/bar.js";
import { createCell, type Cell } from "./view/cell.js";
import { asWritten, edit, from, isStale, ran, restarted, upTo } from "./view/cells.js";
import { createHead } from "./view/head.js";
import { createKernel } from "./view/kernel.js";
import { createStore, type Storage } from "./view/store.js";

/** What a page is made of. */
export interface Opening {
  /** The lecture's name; its edits are kept under it. */
  readonly name: string;
  readonly records: readonly Recorded[];
  /** The worker's program. */
  readonly program: string;
  /** The program that measures. */
  readonly measuring: () => Promise<string>;
}

/** A page in use. */
export interface LecturePage {
  /** Does what a button says, of cell `index` or of all. */
  act(deed: Deed, index: number): void;
  /** The code of cell `index` as the reader has it. */
  source(index: number): string;
}

function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

export function open({ name, records, program, measuring }: Opening): LecturePage {
  const sections = cellsOf();
  const written = sections.map(sourceOf);
  const ids = sections.map((section) => section.dataset.cell!);
  const exercises = written.map(exerciseIn).filter((id) => id !== undefined);
  const store = createStore(name, storage());
  const kernel = createKernel(program, records, {
    output: (index, output) => cells[index]!.outputs.add(output),
    checked(id, right) {
      if (right) store.answered(id);
      head.score(exercises.filter((each) => store.right().includes(each)).length, exercises.length);
    },
    picture: (id, shown) => cells.forEach((cell) => cell.outputs.picture(id, shown)),
  });
  let states = asWritten(written);
  let running: number | undefined;
  let next: (() => number[]) | undefined;
  /** Whether this machine is measured. */
  let here = false;
  /** Counts resets: what was running before one has no say any more. */
  let session = 0;

  const head = createHead();
  const cells: Cell[] = sections.map((section, index) =>
    createCell(section, {
      changed: (source) => change(index, source),
      run: () => start(() => upTo(states, index)),
      ask: (id, state) => kernel.picture(id, state),
    }),
  );

  function change(index: number, source: string): void {
    states = edit(states, index, source);
    store.keep(ids[index]!, written[index]!, source);
    mark();
  }

  /** Says of every cell what its outputs are worth. */
  function mark(): void {
    states.forEach((state, i) => {
      const edited = state.source !== state.original;
      if (running !== i) cells[i]!.mark(isStale(states, i), edited, state.source !== state.shown);
    });
  }

  /** Runs what `plan` names, now or, where cells are running, after them; of several that wait the last one does. */
  function start(plan: () => number[]): void {
    if (running === undefined) void follow(plan());
    else next = plan;
  }

  /** Runs cells one after another; the first that fails is the last. */
  async function follow(plan: readonly number[]): Promise<void> {
    const own = session;
    for (const [done, index] of plan.entries()) {
      const { source } = states[index]!;
      running = index;
      cells[index]!.begin();
      head.running(index, plan.length - done);
      const ending = await kernel.run(index, source);
      if (own !== session) return;
      running = undefined;
      if (ending === "stopped") {
        states = restarted(ran(states, index, source, false));
        cells[index]!.interrupted();
      } else states = ran(states, index, source, ending === "ok");
      mark();
      cells[index]!.end(ending);
      if (ending === "ok") continue;
      plan.slice(done + 1).forEach((each) => cells[each]!.skipped(index));
      next = undefined;
      break;
    }
    head.idle();
    const waiting = next;
    next = undefined;
    if (waiting) start(waiting);
  }

  function reset(): void {
    session++;
    running = undefined;
    next = undefined;
    head.idle();
    here = false;
    kernel.measure(undefined);
    head.measures(here);
    store.forgetEdits();
    states = asWritten(written);
    cells.forEach((cell) => cell.reset());
    mark();
  }

  written.forEach((original, index) => {
    const kept = store.edited(ids[index]!, original);
    if (kept !== undefined) cells[index]!.edit(kept);
  });
  head.score(exercises.filter((each) => store.right().includes(each)).length, exercises.length);

  const deeds: Readonly<Record<Deed, (index: number) => void>> = {
    run: (index) => start(() => upTo(states, index)),
    from: (index) => start(() => from(states, index)),
    edit: (index) => cells[index]!.edit(states[index]!.source, true),
    undo: (index) => cells[index]!.close(),
    hint: (index) => speak("hint", index),
    solution: (index) => speak("solution", index),
    all(): void {
      if (running !== undefined) return;
      kernel.stop();
      again();
    },
    measure: () => void measure(),
    reset,
    forget(): void {
      store.forgetAnswers();
      head.score(0, exercises.length);
    },
    stop: () => kernel.stop(),
  };

  /** Runs all cells, as in a new kernel. */
  function again(): void {
    states = restarted(states);
    start(() => from(states, 0));
  }

  /** All cells once more, with figures of this machine in those that measure; or with the recorded runs again. */
  async function measure(): Promise<void> {
    const text = here ? undefined : await measuring();
    if (running !== undefined) return;
    here = !here;
    kernel.measure(text);
    head.measures(here);
    again();
  }

  function speak(what: "hint" | "solution", index: number): void {
    const id = exerciseIn(written[index]!);
    if (id !== undefined && running === undefined) kernel.say(index, what, id);
  }

  return {
    act(deed, index) {
      if (deed === "run" || deed === "from") cells[index]!.open();
      deeds[deed](index);
    },
    source: (index) => states[index]!.source,
  };
}
