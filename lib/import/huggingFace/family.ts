// A decoder family: what its configuration class gives absent fields, and how its fields are read.
import type { DecoderConfig } from "../../models/decoderConfig.js";
import type { Defaults, Fields } from "./fields.js";
import { namesIn, refuseUnread } from "./unread.js";

/** Widths and layers have no default: a file without them describes no model. */
export interface Family<Config = DecoderConfig> {
  /** Defaults of transformers' configuration class, where they are not "none" or false. */
  readonly defaults: Defaults;
  /**
   * What fields that transformers' class does not read must say where they stand, for the class counts nothing else.
   */
  readonly fixed?: Defaults;
  /** Fields that files have and that no size depends on, between spaces. */
  readonly idle?: string;
  /** The configuration that the fields describe. */
  read(f: Fields): Config;
}

/** `family`'s reading of `fields`; fields that it does not know, and that may be sizes, are refused by name. */
export function readFamily<Config>(
  name: string,
  { defaults, fixed = {}, idle = "", read }: Family<Config>,
  fields: Fields,
): Config {
  const f = fields.over(defaults);
  const config = read(f);
  for (const [field, value] of Object.entries(fixed))
    if (f.has(field) && f.raw(field) !== value) f.refuse(field, `${JSON.stringify(value)} in ${name}`);
  refuseUnread(name, f, namesIn(idle));
  return config;
}
