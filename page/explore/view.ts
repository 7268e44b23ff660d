// What a reader has set, and the address that says it: `#model=resnet50&device=h100-sxm&batch=8`. Pure.
import { fields } from "./fields.js";
import type { OptionName, Texts } from "./messages.js";

/** What is asked about, on what, and how. What is not in use is kept: it was typed. */
export interface View {
  readonly use: "model" | "config" | "files";
  readonly model: string;
  /** A configuration's text. */
  readonly config: string;
  /** Names of the files in use. */
  readonly files: readonly string[];
  /** An id, or figures as JSON. */
  readonly device: string;
  /** Every field that has something in it, as typed; a switch has "yes". */
  readonly typed: Readonly<Partial<Record<OptionName, string>>>;
}

/** What the page opens with. */
export const firstView: View = {
  use: "model",
  model: "llama-3.1-8b",
  config: "",
  files: [],
  device: "h100-sxm",
  typed: { phase: "decode", batch: "8", context: "4096" },
};

const names = Object.keys(fields) as OptionName[];
const hasText = (text: string | undefined): text is string => text !== undefined && text.trim() !== "";

/** The address's part behind "#". A file cannot be in it: its name is. */
export function hashOf(view: View): string {
  const parts = new URLSearchParams();
  if (view.use === "files") for (const file of view.files) parts.append("file", file);
  else parts.set(view.use, view[view.use]);
  parts.set("device", view.device);
  for (const name of names) if (hasText(view.typed[name])) parts.set(name, view.typed[name].trim());
  return parts.toString();
}

/** The view that an address says; undefined for one that says none. Nothing of it is trusted: all are texts. */
export function viewOf(hash: string): View | undefined {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const use = (["model", "config", "file"] as const).find((each) => parts.has(each));
  if (use === undefined) return undefined;
  return {
    use: use === "file" ? "files" : use,
    model: parts.get("model") ?? "",
    config: parts.get("config") ?? "",
    files: parts.getAll("file"),
    device: parts.get("device") ?? "",
    typed: Object.fromEntries(
      names.filter((name) => hasText(parts.get(name) ?? undefined)).map((name) => [name, parts.get(name)!]),
    ),
  };
}

/** What was typed as the options of `explore`. */
export function textsOf(typed: View["typed"]): Texts {
  const given = names.filter((name) => hasText(typed[name]));
  const value = (name: OptionName) => {
    const text = typed[name]!.trim();
    if (fields[name].kind === "list") return text.split(/[\s,]+/).filter(Boolean);
    return fields[name].kind === "switch" ? true : text;
  };
  return Object.fromEntries(given.map((name) => [name, value(name)])) as Texts;
}
