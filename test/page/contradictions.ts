// What contradicts itself in a sentence: figures that are none, and comparisons whose figures stand the other way.
const scale: Readonly<Record<string, number>> = { n: 1e-9, µ: 1e-6, m: 1e-3, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const digits = String.raw`(-?[\d,]*\.?\d+(?:e[+-]?\d+)?)`;
const unit = String.raw`([nµmkKMGT]?i?(?:FLOP\/s|FLOP\/byte|B\/s|s|B|%|times))`;
const figure = String.raw`${digits}(?:\s?${unit})?`;

/** The pairs that a sentence sets in an order, by the words between them: the first figure against the second. */
const ordered: readonly [RegExp, (first: number, second: number) => boolean, string][] = [
  [new RegExp(`(?:falls?|drops?|sinks?) from ${figure} to ${figure}`, "g"), (a, b) => a >= b, "falls"],
  [new RegExp(`(?:rises?|grows?|climbs?) from ${figure} to ${figure}`, "g"), (a, b) => a <= b, "rises"],
  [new RegExp(`${figure}[^.;:]{0,40} (?:above|more than|over) ${figure}`, "g"), (a, b) => a >= b, "above"],
  [new RegExp(`${figure}[^.;:]{0,40} (?:below|less than|under) ${figure}`, "g"), (a, b) => a <= b, "below"],
];

/** Each thing that is wrong with `sentence` whatever it is about; empty where nothing is seen. */
export function contradictions(sentence: string): string[] {
  const found: string[] = [];
  if (/\b(NaN|undefined|null|Infinity|\[object)/.test(sentence)) found.push("a figure that is none");
  if (/(^|\s)0(\.0+)? times/.test(sentence)) found.push("nothing, as a factor");
  for (const [, factor] of sentence.matchAll(
    /(\d*\.?\d+) times (?:as long|as much|as many|as fast|slower|faster|more)/g,
  ))
    if (/times (slower|faster|more)/.test(sentence) && Number(factor) < 1) found.push(`${factor} times more`);
  for (const [pattern, stands, name] of ordered)
    for (const [text, a, unitA, b, unitB] of sentence.matchAll(pattern)) {
      if (unitA !== undefined && unitB === undefined) continue;
      if (!stands(valueOf(a!, unitA ?? unitB), valueOf(b!, unitB))) found.push(`${name}: ${text}`);
    }
  return found;
}

function valueOf(text: string, name = ""): number {
  const prefix = name.length > 1 && !/^(times|FLOP|B\/s)/.test(name) ? name[0]! : "";
  return Number(text.replaceAll(",", "")) * (scale[prefix] ?? 1);
}
