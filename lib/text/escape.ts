// Text into HTML, always as text.

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** `text` so that no character of it is markup. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c]!);

// Control characters, and those that turn the direction of text.
// eslint-disable-next-line no-control-regex -- the expression is about control characters
const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** `text` on one line, control characters spelt out: what a terminal may be given. */
export const printable = (text: string): string =>
  text.replace(control, (c) =>
    c === "\n" || c === "\t" ? " " : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
