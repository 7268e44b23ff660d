// Elements of the page. Texts are texts: nothing here reads markup.

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes (true: an empty one, false or undefined: none) and with what is in it. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  made.append(...inside);
  return made;
}
