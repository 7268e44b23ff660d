// Names as people write them: one look-up for models, devices, tools and architectures. What is said when a name is not
// known lives in check.ts.

/** `name` without what does not tell names apart: case, "-", "_", ".", "/" and blanks. */
export const plainName = (name: string): string => spellings[2]!(name);

/** What the names of a family share: the letters that they start with ("resnet", "llama"). */
export const familyOf = (name: string): string => /^[a-z]*/.exec(name.toLowerCase())![0];

/** From what people change most seldom to what they change most often. */
const spellings: readonly ((name: string) => string)[] = [
  (name) => name.toLowerCase().replace(/[-_./\s]+/g, "_"),
  (name) => spellings[0]!(name).replace(/(?<!\d)_|_(?!\d)/g, ""),
  (name) => spellings[0]!(name).replace(/_/g, ""),
];

const separators = (name: string): number => spellings[0]!(name).split("_").length;

/**
 * A look-up of `names`, and of `aliases` (written so -> name), where case and separators do not matter: "ResNet-50" is
 * resnet50. Between two digits a separator may matter (regnet_y_1_6gf, regnet_y_16gf), so it is ignored last; of two
 * names that are then alike, the one with fewer separators is found. undefined when there is none.
 */
export function nameFinder<Name extends string>(
  names: readonly Name[],
  aliases: Readonly<Record<string, Name>> = {},
): (asked: unknown) => Name | undefined {
  const entries = [...Object.entries(aliases), ...names.map((name): [string, Name] => [name, name])].sort(
    ([a], [b]) => separators(b) - separators(a),
  );
  const tables = spellings.map((spelt) => new Map(entries.map(([written, name]) => [spelt(written), name])));
  return (asked) => {
    if (typeof asked !== "string") return undefined;
    for (const [i, spelt] of spellings.entries()) {
      const found = tables[i]!.get(spelt(asked));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
