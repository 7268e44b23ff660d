// How a drawing's elements are written as markup, as a DOM writes them, and which of them a selector names.

/** Text between tags. */
export const escapeText = (text: string): string =>
  !/[&\u00a0<>]/.test(text)
    ? text
    : text.replaceAll("&", "&amp;").replaceAll("\u00a0", "&nbsp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** An attribute's value. */
export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', "&quot;");

/** What a selector sees of an element. */
export interface Step {
  readonly localName: string;
  getAttribute(name: string): string | null;
}

const compound = /^([a-z]+)?(?:\[([\w-]+)="([^"]*)"\])?$/i;

/**
 * Whether `selectors` name the last element of a path from the root: names of elements and `[attribute="value"]`,
 * inside one another, in a list. Throws a TypeError for any other selector.
 */
export function matcher(selectors: string): (path: readonly Step[]) => boolean {
  const list = selectors.split(",").map((selector) => partsOf(selector.trim()));
  return (path) => list.some((parts) => inside(path, parts));
}

/** The compounds of one selector, split at spaces outside brackets. */
function partsOf(selector: string): ((step: Step) => boolean)[] {
  const parts = selector.match(/(?:[^\s[]|\[[^\]]*\])+/g) ?? [];
  return parts.map((part) => {
    const [, name, attribute, value] = compound.exec(part) ?? refuse(selector);
    return (step) =>
      (name === undefined || step.localName === name) &&
      (attribute === undefined || step.getAttribute(attribute) === value);
  });
}

function refuse(selector: string): never {
  throw new TypeError(
    `internal: document: a selector must be of names and [attribute="value"], got ${JSON.stringify(selector)}`,
  );
}

/** Whether the last step is the last part, and the others are found, in order, above it. */
function inside(path: readonly Step[], parts: readonly ((step: Step) => boolean)[]): boolean {
  const last = parts.at(-1);
  if (!last?.(path.at(-1)!)) return false;
  let left = parts.length - 2;
  for (let i = path.length - 2; i >= 0 && left >= 0; i--) if (parts[left]!(path[i]!)) left--;
  return left < 0;
}
