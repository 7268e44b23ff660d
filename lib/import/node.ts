// Node's modules, asked of the process by name: an import would reach a page's bundle, where nothing answers it.
import { shown } from "../check.js";

/** What reading by path needs. Throws a TypeError where there is no Node; `asked` is the path. */
export function node(who: string, asked: string | { readonly href: string }) {
  const builtin = typeof process === "undefined" ? undefined : process.getBuiltinModule;
  if (builtin === undefined)
    throw new TypeError(`${who}: file must be a Blob, a reader or a Uint8Array in a page, got ${shown(String(asked))}`);
  return { fs: builtin("fs/promises"), path: builtin("path"), url: builtin("url") };
}
