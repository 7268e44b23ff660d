// What a page keeps in the reader's own browser: edited cells and right answers, by lecture. Where the browser keeps
// nothing, the page works without.

interface Kept {
  /** Edited sources, by the id of the cell, with what they were edited from. */
  readonly edits: Readonly<Record<string, { readonly from: string; readonly source: string }>>;
  /** Ids of exercises that were answered right. */
  readonly right: readonly string[];
}

const nothing: Kept = { edits: {}, right: [] };

/** The part of `localStorage` that is needed. */
export type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** What is kept of one lecture. */
export interface Store {
  /** The reader's source of a cell, unless the lecture has changed it since. */
  edited(id: string, original: string): string | undefined;
  keep(id: string, original: string, source: string): void;
  right(): readonly string[];
  answered(id: string): void;
  forgetEdits(): void;
  forgetAnswers(): void;
}

export function createStore(name: string, storage: Storage | undefined): Store {
  const key = `ridgepoint/${name}`;
  const read = (): Kept => {
    try {
      return { ...nothing, ...(JSON.parse(storage?.getItem(key) ?? "{}") as Partial<Kept>) };
    } catch {
      return nothing;
    }
  };
  const write = (change: Partial<Kept>): void => {
    const kept = { ...read(), ...change };
    try {
      if (Object.keys(kept.edits).length + kept.right.length === 0) storage?.removeItem(key);
      else storage?.setItem(key, JSON.stringify(kept));
    } catch {
      // a full or a closed storage: the page goes on without
    }
  };
  return {
    edited(id, original) {
      const edit = read().edits[id];
      return edit?.from === original ? edit.source : undefined;
    },
    keep(id, original, source) {
      const others = Object.fromEntries(Object.entries(read().edits).filter(([each]) => each !== id));
      write({ edits: source === original ? others : { ...others, [id]: { from: original, source } } });
    },
    right: () => read().right,
    answered: (id) => write({ right: [...new Set([...read().right, id])] }),
    forgetEdits: () => write({ edits: {} }),
    forgetAnswers: () => write({ right: [] }),
  };
}
