// A picture that was drawn by itself, as part of a page which has others.

let place = 0;

/**
 * The picture as part of the page: its ids told apart from those of the same picture elsewhere on it, its marks no
 * parts with names of their own, for it is one image with a title.
 */
export function inPage(markup: string): string {
  const svg = markup.replace(/(<(?:g|rect|path|line|text)\b[^<>]*?) aria-label=/g, "$1 data-mark=");
  const ids = [...new Set([...svg.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]!))];
  if (ids.length === 0) return svg;
  const end = `-live${++place}`;
  return ids
    .sort((a, b) => b.length - a.length)
    .reduce(
      (text, id) =>
        text
          .replaceAll(` id="${id}"`, ` id="${id}${end}"`)
          .replaceAll(`url(#${id})`, `url(#${id}${end})`)
          .replaceAll(`href="#${id}"`, `href="#${id}${end}"`),
      svg,
    );
}
