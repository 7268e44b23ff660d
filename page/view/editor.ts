// The editor of a cell: CodeMirror with TypeScript's colours, the library's names with a line on each, and the keys
// that run. Its colours are the page's own, by the classes `tok-…`.
import { autocompletion, closeBrackets, completionKeymap, type CompletionContext } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript, localCompletionSource } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** A name of the library, for completion. */
interface LibraryName {
  readonly name: string;
  readonly kind: "function" | "variable" | "class" | "type";
  readonly line: string;
}

/** Put in its place by build.mjs. */
declare const ridgepointNames: readonly LibraryName[];

/** What the editor tells its cell. */
export interface EditorHandlers {
  changed(source: string): void;
  run(): void;
  /** Escape: the reader wants to leave the text by keyboard. */
  leave(): void;
}

/** One cell's editor. */
export interface Editor {
  readonly element: HTMLElement;
  set(source: string): void;
  focus(): void;
}

const options = ridgepointNames.map(({ name, kind, line }) => ({ label: name, type: kind, info: line }));

function libraryNames(context: CompletionContext) {
  const word = context.matchBefore(/(?<![.\w])\w+$/);
  return word && (context.explicit || word.text.length > 1) ? { from: word.from, options, validFor: /^\w*$/ } : null;
}

const language = javascript({ typescript: true });

export function createEditor(source: string, label: string, { changed, run, leave }: EditorHandlers): Editor {
  const does = (action: () => void) => () => {
    action();
    return true;
  };
  const view = new EditorView({
    state: EditorState.create({
      doc: source,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run: does(run) },
          { key: "Mod-Enter", run: does(run) },
          ...completionKeymap,
          { key: "Escape", run: does(leave) },
          ...defaultKeymap,
          ...historyKeymap,
          indentWithTab,
        ]),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        language,
        language.language.data.of({ autocomplete: libraryNames }),
        language.language.data.of({ autocomplete: localCompletionSource }),
        autocompletion(),
        syntaxHighlighting(classHighlighter),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    element: view.dom,
    set(text) {
      if (text !== view.state.doc.toString())
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
  };
}
