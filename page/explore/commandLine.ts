// The same question on the command line. Pure.
import type { OptionName, Texts } from "./messages.js";

export type CommandName = "count" | "roofline" | "fits";

const onlyOf: Readonly<Partial<Record<OptionName, readonly CommandName[]>>> = {
  as: ["count"],
  depth: ["count"],
  devices: ["fits"],
  split: ["fits"],
  reserve: ["fits"],
  optimizer: ["fits"],
  "master-weights": ["fits"],
  recompute: ["fits"],
  zero: ["fits"],
  "lora-rank": ["fits"],
  "lora-targets": ["fits"],
  "fused-attention": ["fits"],
};

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A text that starts with "-" is a value all the same. */
const option = (name: string, text: string): string[] =>
  text.startsWith("-") || text === "" ? [`--${name}=${text}`] : [`--${name}`, text];

/** The words of `command` for what is `asked` about: those that it takes of the options. */
export function words(command: CommandName, asked: string, device: string, options: Texts): string[] {
  const own = Object.entries(options).filter(([name]) => onlyOf[name as OptionName]?.includes(command) ?? true);
  const typed = own.flatMap(([name, value]) =>
    typeof value === "boolean" ? [`--${name}`] : [value as string | string[]].flat().flatMap((t) => option(name, t)),
  );
  const on = command === "count" ? [] : option("device", device);
  // A name that starts with "-" is told from an option by what stands before it.
  const dashed = asked.startsWith("-");
  return [command, ...(dashed ? [] : [asked]), ...on, ...typed, "--json", ...(dashed ? ["--", asked] : [])];
}

/** `npx ridgepoint …`, for a shell. */
export const commandLine = (...asked: Parameters<typeof words>): string =>
  ["npx ridgepoint", ...words(...asked).map(quoted)].join(" ");
