// `ridgepoint models [word]`: the models that are known by name, by family.
import { shown } from "../check.js";
import { familyOf, plainName } from "../lookUp.js";
import { modelNames } from "../models/index.js";
import { read, type Command } from "./command.js";
import { json } from "./text.js";

const who = "models";

export const models: Command = (args) => {
  const { options, words } = read(who, args, { json: "boolean" }, ["[word]"]);
  const [word] = words;
  const found = modelNames.filter((name) => word === undefined || plainName(name).includes(plainName(word)));
  if (found.length === 0)
    throw new RangeError(
      `${who}: word must stand in the name of a known model, got ${shown(word)}; ` +
        "a model of another family is counted from its config.json: ridgepoint count path/to/config.json",
    );
  if (options.json) return json({ models: found.map((name) => ({ name, family: familyOf(name) })) });
  const families = new Map<string, string[]>();
  for (const name of found) families.set(familyOf(name), [...(families.get(familyOf(name)) ?? []), name]);
  return [...families].map(([family, names]) => `${family}\n${wrapped(names)}`).join("");
};

/** Names on indented lines of at most 100 columns. */
const wrapped = (names: readonly string[]): string => names.join(", ").replace(/(.{1,98})(?: |$)/g, "  $1\n");
