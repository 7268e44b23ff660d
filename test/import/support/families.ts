// The recorded tables of transformers' own counts (scripts/oracle), and what fromHuggingFace says of the same rows.
import { readFileSync } from "node:fs";
import { fromHuggingFace, modelCost } from "../../../lib/index.js";

type Config = Record<string, unknown>;

/** What a configuration is run on, and what transformers counted. */
interface Counted {
  readonly tokens?: number;
  readonly sourceTokens?: number;
  readonly imageSize?: number | readonly [number, number];
  readonly images?: number;
  readonly params: number;
  readonly macs: number;
}

export interface Family extends Counted {
  readonly type: string;
  readonly variant?: string;
  readonly config: Config;
}

/** A family's configuration with `field` absent, or with some fields set. */
interface Mutation extends Counted {
  readonly type: string;
  readonly variant?: string;
  readonly field: string;
  readonly change: "absent" | Config;
}

const rowsOf = <Row>(name: string): Row[] =>
  (JSON.parse(readFileSync(new URL(`../../golden/${name}.json`, import.meta.url), "utf8")) as { rows: Row[] }).rows;

export const families = rowsOf<Family>("families");
export const labelOf = ({ type, variant }: { type: string; variant?: string }): string =>
  variant === undefined ? type : `${type} (${variant})`;

const byLabel = new Map(families.map((family) => [labelOf(family), family]));

type Mutated = Family & { readonly changed: string };

/** Mutated configurations by their family's label; each says what was changed. */
export const mutations: ReadonlyMap<string, readonly Mutated[]> = rowsOf<Mutation>("familyMutations").reduce(
  (found, row) => found.set(labelOf(row), [...(found.get(labelOf(row)) ?? []), mutated(row)]),
  new Map<string, readonly Mutated[]>(),
);

function mutated(row: Mutation): Mutated {
  const { config, tokens, sourceTokens, imageSize, images } = byLabel.get(labelOf(row))!;
  const { field, change } = row;
  const changed = change === "absent" ? `${field} absent` : field === "saved" ? field : JSON.stringify(change);
  return { ...row, tokens, sourceTokens, imageSize, images, config: changedConfig(config, field, change), changed };
}

function changedConfig(config: Config, field: string, change: Mutation["change"]): Config {
  const [name, inner] = field.split(".") as [string, string?];
  if (inner !== undefined) {
    const innerChange = change === "absent" ? change : { [inner]: change[field] };
    return { ...config, [name]: changedConfig(config[name] as Config, inner, innerChange) };
  }
  if (change !== "absent") return { ...config, ...change };
  return Object.fromEntries(Object.entries(config).filter(([key]) => key !== name));
}

export interface Verdict {
  readonly kind: "exact" | "refused" | "wrong";
  /** What was said, where it is not what transformers says. */
  readonly said?: string;
}

/** Exact in parameters and multiply-accumulates, refused in one line, or wrong. */
export function verdictOf({ config, tokens, sourceTokens, imageSize, images, params, macs }: Family): Verdict {
  const given = Object.entries({ tokens, sourceTokens, imageSize, images }).filter(([, value]) => value !== undefined);
  const options = Object.fromEntries(given);
  try {
    const got = modelCost(fromHuggingFace(config, { ...options, phase: "prefill" }));
    if (got.params === params && got.macs === macs) return { kind: "exact" };
    const differences = [
      ...(got.params === params ? [] : [`params ${got.params} for ${params}`]),
      ...(got.macs === macs ? [] : [`macs ${got.macs} for ${macs}`]),
    ];
    return { kind: "wrong", said: differences.join(", ") };
  } catch (error) {
    const polite = error instanceof RangeError || error instanceof TypeError;
    const said = polite ? error.message : String(error);
    return { kind: polite && /^[\w.-]+: .+$/.test(said) ? "refused" : "wrong", said };
  }
}
