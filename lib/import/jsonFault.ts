// Where a text stops being JSON. Engines say it each in words of their own, and a page must say what the command line
// says.

const space = /[ \t\n\r]*/y;
const literal = /true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// eslint-disable-next-line no-control-regex -- control characters may not stand in a string
const plain = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/**
 * The place of the first character of `text` that JSON has no room for (its length where more should follow), or
 * undefined where all of it is JSON, with Python's NaN and Infinity.
 */
export function jsonFault(text: string): number | undefined {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found !== undefined;
  };
  const sign = (wanted: string): boolean => {
    take(space);
    if (text[at] !== wanted) return false;
    at++;
    return true;
  };
  function string(): boolean {
    if (!sign('"')) return false;
    do take(plain);
    while (take(escaped));
    if (text[at] !== '"') return false;
    at++;
    return true;
  }
  /** What stands between brackets, with commas; the opening one is behind us. */
  function list(end: string, one: () => boolean): boolean {
    if (sign(end)) return true;
    do if (!one()) return false;
    while (sign(","));
    return sign(end);
  }
  function value(): boolean {
    if (sign("{")) return list("}", () => string() && sign(":") && value());
    if (sign("[")) return list("]", value);
    return text[at] === '"' ? string() : take(literal);
  }
  if (!value()) return at;
  take(space);
  return at === text.length ? undefined : at;
}
