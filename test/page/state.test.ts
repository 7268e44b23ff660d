// What a page knows of its cells, and what it keeps of them.
import { describe, expect, it } from "vitest";
import { asWritten, edit, from, isStale, ran, restarted, upTo, type CellState } from "../../page/view/cells.js";
import { createStore } from "../../page/view/store.js";

const stale = (cells: readonly CellState[]): number[] => cells.flatMap((_, i) => (isStale(cells, i) ? [i] : []));

describe("cells", () => {
  const written = asWritten(["a", "b", "c"]);
  const all = (cells: readonly CellState[]) =>
    [0, 1, 2].reduce<readonly CellState[]>((now, i) => ran(now, i, now[i]!.source, true), cells);

  it("as the lecture has them show what they would give, though nothing has run", () => {
    expect(stale(written)).toEqual([]);
    expect(upTo(written, 1)).toEqual([0, 1]);
  });

  it("are stale from an edit on, until they are run, or the edit is undone", () => {
    const edited = edit(all(written), 1, "B");
    expect(stale(edited)).toEqual([1, 2]);
    expect(stale(edit(edited, 1, "b"))).toEqual([]);
    const run = ran(edited, 1, "B", true);
    expect(stale(run)).toEqual([2]);
    expect(stale(ran(run, 2, "c", true))).toEqual([]);
    expect(stale(edit(run, 1, "b"))).toEqual([1, 2]);
  });

  it("that ran need not run again for one below them, unless they are stale", () => {
    const live = all(written);
    expect(upTo(live, 2)).toEqual([2]);
    expect(upTo(edit(live, 0, "A"), 2)).toEqual([0, 1, 2]);
    expect(upTo(restarted(live), 2)).toEqual([0, 1, 2]);
    expect(from(live, 1)).toEqual([1, 2]);
  });

  it("below one that failed are stale, and it must run again", () => {
    const failed = ran(all(written), 1, "b", false);
    expect(stale(failed)).toEqual([2]);
    expect(upTo(failed, 2)).toEqual([1, 2]);
    expect(stale(all(failed))).toEqual([]);
  });

  it("run again as they were leave those below alone", () => {
    expect(stale(ran(all(written), 0, "a", true))).toEqual([]);
  });
});

describe("what is kept", () => {
  const memory = () => {
    const held = new Map<string, string>();
    return {
      held,
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
      removeItem: (key: string) => void held.delete(key),
    };
  };

  it("is an edit, until the lecture's own cell changes or the reader undoes it", () => {
    const storage = memory();
    const store = createStore("1", storage);
    store.keep("x", "a", "b");
    expect(createStore("1", storage).edited("x", "a")).toBe("b");
    expect(store.edited("x", "changed")).toBeUndefined();
    expect(createStore("2", storage).edited("x", "a")).toBeUndefined();
    store.keep("x", "a", "a");
    expect(storage.held.size).toBe(0);
  });

  it("is which answers were right, apart from the edits", () => {
    const store = createStore("1", memory());
    store.keep("x", "a", "b");
    store.answered("1.1");
    store.answered("1.1");
    expect(store.right()).toEqual(["1.1"]);
    store.forgetEdits();
    expect([store.edited("x", "a"), store.right()]).toEqual([undefined, ["1.1"]]);
    store.forgetAnswers();
    expect(store.right()).toEqual([]);
  });

  it("is nothing where the browser keeps nothing or something else", () => {
    const store = createStore("1", undefined);
    store.keep("x", "a", "b");
    expect(store.edited("x", "a")).toBeUndefined();
    const storage = memory();
    storage.setItem("ridgepoint/1", "{broken");
    expect(createStore("1", storage).right()).toEqual([]);
  });
});
