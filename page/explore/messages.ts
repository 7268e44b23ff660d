// What the page asks its worker, and what it gets: plain records, for they are copied between the two.
import type { ExploreOptions } from "../../lib/browser.js";

/** A file at hand, under its place in what was chosen or dropped. */
export interface GivenFile {
  readonly path: string;
  readonly blob: Blob;
}

/** The options that `explore` takes beside the device. */
export type Texts = Omit<ExploreOptions, "device">;
export type OptionName = keyof Texts;

/** One question: a name or a configuration's text, or files. */
export interface Question {
  readonly source: string | readonly GivenFile[];
  /** An id or figures as JSON; "" asks for the count alone. */
  readonly device: string;
  readonly options: Texts;
  /** Pixels that a chart may be wide. */
  readonly width: number;
}

/** A table whose cells are texts. */
export interface Grid {
  readonly title?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly alignRight: readonly boolean[];
}

/** One part of an answer; what it has not is absent. */
export interface Section {
  readonly heading: string;
  /** The one line that is said in place of the rest. */
  readonly error?: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly notes: readonly string[];
  readonly grids: readonly Grid[];
  /** SVG. */
  readonly picture?: string;
}

/** A command line, and what it prints under --json or as its error. */
export interface Printed {
  readonly line: string;
  readonly text: string;
}

/** All that is told of one question. */
export interface Report {
  readonly title: string;
  /** What it is run on. */
  readonly about: string;
  /** The answer in a sentence. */
  readonly said: string;
  /** Whether that is why there is no answer. */
  readonly refused: boolean;
  readonly sections: readonly Section[];
  readonly printed: readonly Printed[];
}

/** What a section is drawn with, where reports are made. */
export interface Drawing {
  /** A document that charts can be drawn in. */
  readonly document: unknown;
  /** Pixels that one may be wide. */
  readonly width: number;
}
