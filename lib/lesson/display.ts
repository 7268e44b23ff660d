// Where a cell's outputs go: to the notebook or the page that runs this process, or to the console where there is none.
// The only file that knows tslab. It loads in a page as well, where a host takes the outputs.
import type { Explorable } from "./explorable.js";

/** One output in several forms; a host shows the richest that it can. */
export type Bundle = Readonly<Record<string, string>>;

/** Which output a display is: one of its own, or the one of that id, to be replaced. */
export interface DisplayOptions {
  /** Names the output, so that a later one can replace it. */
  readonly id?: string;
  /** Whether this one replaces the earlier one of that id. */
  readonly update?: boolean;
}

/** A page that runs cells by itself. */
export interface LessonHost {
  /** Takes one output of the running cell. */
  display(bundle: Bundle, options: DisplayOptions): void;
  /** What charts are drawn in: a DOM document, or what is enough of one. */
  readonly document: unknown;
  /** Takes an explorable that the host moves itself; without it the host gets markup that moves itself. */
  explore?(explorable: Explorable): void;
  /** Another form that every chart comes in: drawn `width` pixels wide, under the name `form` in its bundle. */
  readonly narrow?: { readonly width: number; readonly form: string };
  /** Told of every answer that `check` looked at. */
  checked?(id: string, right: boolean): void;
}

let taken: LessonHost | undefined;

/** Sends the outputs of lessons to `host` from now on; a page calls it once, before the first cell. */
export function hostLessons(host: LessonHost | undefined): void {
  taken = host;
}

/** The page that runs us, or undefined in a notebook and in a program. */
export const lessonHost = (): LessonHost | undefined => taken;

type Write = (
  data: { data: Bundle; metadata: Record<string, unknown>; transient: { display_id?: string } },
  update: boolean,
) => void;

/** What is needed of Node's `require`. The package's types name none of Node's, which its users may lack. */
interface Loader {
  (name: string): unknown;
  readonly cache: Readonly<Record<string, unknown>>;
}

/** Node's `require`, which a page lacks; asked for by name, so that a bundle for a page does not seek it. */
export const nodeRequire = (): Loader | undefined =>
  typeof process === "undefined" ? undefined : process.getBuiltinModule?.("module").createRequire(import.meta.url);

/**
 * The display channel of the tslab that loaded us, found among the loaded modules so that a global and a local tslab
 * both work.
 */
function channel(): Write | undefined {
  const loaded = nodeRequire()?.cache ?? {};
  for (const [path, module] of Object.entries(loaded))
    if (/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path))
      return (
        (module as { exports?: { lastWriteDisplayData?: Write } } | undefined)?.exports?.lastWriteDisplayData ??
        undefined
      );
  return undefined;
}

/** Whether a notebook or a page is listening. */
export const inNotebook = (): boolean => taken !== undefined || channel() !== undefined;

/**
 * Sends `bundle` as one output; outside a notebook prints its text/plain. With `id`, a later call with `update`
 * replaces that output.
 */
export function display(bundle: Bundle, { id, update = false }: DisplayOptions = {}): void {
  if (taken) {
    taken.display(bundle, { id, update });
    return;
  }
  const write = channel();
  if (write) write({ data: bundle, metadata: {}, transient: id === undefined ? {} : { display_id: id } }, update);
  else if (!update) console.log(bundle["text/plain"] ?? "");
}
