// A decoder family: what its configuration class gives absent fields, and how its fields are read.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { Defaults, Fields } from "./fields.js";
import { isHarmless } from "./harmless.js";

/** Widths and layers have no default: a file without them describes no model. */
export interface Family {
  /** Defaults of transformers' configuration class, where they are not "none" or false. */
  readonly defaults: Defaults;
  /**
   * What fields that transformers' class does not read must say where they stand, for the class counts nothing else.
   */
  readonly fixed?: Defaults;
  /** The configuration that the fields describe. */
  read(f: Fields): DecoderConfig;
}

/** `family`'s reading of `fields`; fields that it does not know, and that may be sizes, are refused by name. */
export function readFamily(name: string, { defaults, fixed = {}, read }: Family, fields: Fields): DecoderConfig {
  const f = fields.over(defaults);
  const config = read(f);
  for (const [field, value] of Object.entries(fixed))
    if (f.has(field) && f.raw(field) !== value) f.refuse(field, `${JSON.stringify(value)} in ${name}`);
  const unknown = f.unread().find((field) => !isHarmless(field));
  if (unknown !== undefined)
    f.refuse(unknown, `left out to count this file as ${name}, which has no field of that name`);
  return config;
}
