// One sentence of a lesson as an output: its first words bold, the rest as it is; all of it is text.
import { escapeHtml } from "../text/escape.js";
import { display } from "./display.js";

/** Shows `body` below the cell, after `title`. */
export function say(title: string, body: string): void {
  display({
    "text/html": `<p><strong>${escapeHtml(title)}</strong> ${escapeHtml(body)}</p>`,
    "text/plain": `${title} ${body}`,
  });
}
