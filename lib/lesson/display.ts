// The only file that knows tslab: sends output to the notebook that runs this process, or reports that there is none.
import { createRequire } from "node:module";

/** One output in several forms; a host shows the richest that it can. */
export type Bundle = Readonly<Record<string, string>>;

type Write = (
  data: { data: Bundle; metadata: Record<string, unknown>; transient: { display_id?: string } },
  update: boolean,
) => void;

const require = createRequire(import.meta.url);

/**
 * The display channel of the tslab that loaded us, found among the loaded modules so that a global and a local tslab
 * both work.
 */
function channel(): Write | undefined {
  for (const [path, module] of Object.entries(require.cache))
    if (/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path))
      return (
        (module as { exports?: { lastWriteDisplayData?: Write } } | undefined)?.exports?.lastWriteDisplayData ??
        undefined
      );
  return undefined;
}

/** Whether a notebook is listening. */
export const inNotebook = (): boolean => channel() !== undefined;

/**
 * Sends `bundle` as one output; outside a notebook prints its text/plain. With `id`, a later call with `update`
 * replaces that output.
 */
export function display(bundle: Bundle, { id, update = false }: { id?: string; update?: boolean } = {}): void {
  const write = channel();
  if (write) write({ data: bundle, metadata: {}, transient: id === undefined ? {} : { display_id: id } }, update);
  else if (!update) console.log(bundle["text/plain"] ?? "");
}
