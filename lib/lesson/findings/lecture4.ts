// Findings of lecture 4: what its results show, as sentences that are computed from them.
import { significant } from "../../units.js";
import type { Finding } from "../finding.js";
import { lecture4Measured } from "./lecture4Measured.js";
import { list, percent, times } from "./words.js";

interface Units {
  readonly rows: readonly { readonly name: string; readonly unit: string }[];
}
const given = ({ rows }: Units, unit: string): string[] => rows.filter((r) => r.unit === unit).map((r) => r.name);

const twoUnits: Finding<Units> = {
  holds: (units) => given(units, "MACs").length > 0 && given(units, "FLOPs").length > 0,
  says: (units) =>
    `${list(given(units, "MACs"))} are given in multiply-adds, ${list(given(units, "FLOPs"))} in FLOPs: ` +
    "a factor of two across one axis.",
  otherwise: (units) => `All ${units.rows.length} are given in one unit.`,
};

interface Lengths {
  readonly short: { readonly tokens: number; readonly flops: number };
  readonly long: { readonly tokens: number; readonly flops: number };
}
const growth = ({ short, long }: Lengths) => ({ tokens: long.tokens / short.tokens, flops: long.flops / short.flops });

const textLengths: Finding<Lengths> = {
  holds: (lengths) => growth(lengths).flops > growth(lengths).tokens,
  says: (lengths) =>
    `BERT-base does ${times(growth(lengths).flops)} the work for ${times(growth(lengths).tokens)} the tokens: ` +
    "more than in proportion, by attention's own products.",
  otherwise: (lengths) =>
    `BERT-base does ${times(growth(lengths).flops)} the work for ${times(growth(lengths).tokens)} the tokens.`,
};

interface Reuse {
  readonly vit: { readonly tokens: number; readonly reuse: number };
  readonly bert: { readonly tokens: number; readonly reuse: number; readonly embedded: number };
}
const reuse: Finding<Reuse> = {
  holds: ({ vit, bert }) => vit.reuse >= vit.tokens && bert.reuse < bert.tokens && bert.embedded > 0,
  says: ({ vit, bert }) =>
    `ViT-B/16 uses each weight ${significant(vit.reuse, 3)} times for its ${vit.tokens} tokens, the rest being ` +
    `attention's own products; BERT-base ${significant(bert.reuse, 3)} times for ${bert.tokens}, since ` +
    `${percent(bert.embedded)} of its parameters are embeddings, which multiply nothing.`,
  otherwise: ({ vit, bert }) =>
    `ViT-B/16 uses each weight ${significant(vit.reuse, 3)} times for ${vit.tokens} tokens, BERT-base ` +
    `${significant(bert.reuse, 3)} times for ${bert.tokens}.`,
};

interface Counts {
  readonly parameters: number;
  readonly "multiply-adds": number;
  readonly activations: number;
}
const tenTimesFewer: Finding<Counts> = {
  holds: (ratio) => ratio["multiply-adds"] > 2 * ratio.activations && ratio.activations > 1,
  says: (ratio) =>
    `EfficientNet-B0 does ${times(ratio["multiply-adds"])} fewer multiply-adds than ResNet-50, but writes only ` +
    `${times(ratio.activations)} fewer activations.`,
  otherwise: (ratio) => `Multiply-adds: ${times(ratio["multiply-adds"])}; activations: ${times(ratio.activations)}.`,
};

interface Shares {
  readonly rows: readonly { readonly part: string; readonly macs: number; readonly bytes: number }[];
}
const mostMoved = ({ rows }: Shares) => rows.reduce((best, row) => (row.bytes > best.bytes ? row : best));

const bytesBetween: Finding<Shares> = {
  holds: (shares) => mostMoved(shares).macs === 0 && mostMoved(shares).bytes > 0.5,
  says: (shares) =>
    `Ops with ${mostMoved(shares).part} move ${percent(mostMoved(shares).bytes)} of the bytes; ` +
    `${list(shares.rows.filter((row) => row.macs > 0).map(({ part, bytes }) => `${part} ${percent(bytes)}`))}.`,
  otherwise: (shares) =>
    `${mostMoved(shares).part} moves most: ${percent(mostMoved(shares).bytes)} of the bytes, ` +
    `${percent(mostMoved(shares).macs)} of the multiply-adds.`,
};

interface SpeedUps {
  readonly multiplyAdds: number;
  readonly bound: number;
  readonly measured: number;
}
const off = (predicted: number, measured: number): number => Math.abs(Math.log(predicted / measured));

const speedUps: Finding<SpeedUps> = {
  holds: ({ multiplyAdds, bound, measured }) => off(bound, measured) < off(multiplyAdds, measured),
  says: ({ multiplyAdds, bound, measured }) =>
    `Measured, EfficientNet-B0 is ${times(measured)} as fast as ResNet-50. The roofline, op by op, says ` +
    `${times(bound)}; the multiply-adds say ${times(multiplyAdds)}.`,
  otherwise: ({ multiplyAdds, bound, measured }) =>
    `Measured ${times(measured)}; the multiply-adds (${times(multiplyAdds)}) are nearer than the roofline ` +
    `(${times(bound)}).`,
};

interface Compiled {
  readonly gains: readonly { readonly name: string; readonly gain: number }[];
  readonly lead: { readonly before: number; readonly after: number };
}
const compiledLead: Finding<Compiled> = {
  holds: ({ gains: [resnet, b0], lead }) => resnet!.gain > b0!.gain && b0!.gain > 1 && lead.after < lead.before,
  says: ({ gains: [resnet, b0], lead }) =>
    `Compiled, ResNet-50 is ${times(resnet!.gain)} and EfficientNet-B0 ${times(b0!.gain)} as fast as before, so that ` +
    `the lead of the model with a tenth of the multiply-adds shrinks from ${times(lead.before)} to ` +
    `${times(lead.after)}.`,
  otherwise: ({ gains, lead }) =>
    `Compiled, ${list(gains.map(({ name, gain }) => `${name} is ${times(gain)} as fast`))}; the lead goes from ` +
    `${times(lead.before)} to ${times(lead.after)}.`,
};

interface Recipes {
  readonly rows: readonly {
    readonly model: string;
    readonly year: number;
    readonly pixels: number;
    readonly "top-1": number;
  }[];
}
const bestOf = ({ rows }: Recipes, model: string, until: number): number =>
  Math.max(...rows.filter((r) => r.model === model && r.year <= until && r.pixels === 224).map((r) => r["top-1"]));
const leadUntil = (recipes: Recipes, until: number): number =>
  bestOf(recipes, "EfficientNet-B0", until) - bestOf(recipes, "ResNet-50", until);

const recipes: Finding<Recipes> = {
  holds: (rows) => leadUntil(rows, 2019) > 0 && leadUntil(rows, 2024) < 0,
  says: (rows) =>
    `At 224 pixels EfficientNet-B0 led by ${significant(leadUntil(rows, 2019), 2)} points with the recipes of 2019; ` +
    `with the best of each in this table it trails by ${significant(-leadUntil(rows, 2024), 2)}.`,
  otherwise: (rows) =>
    `At 224 pixels EfficientNet-B0 is ${significant(leadUntil(rows, 2019), 2)} points ahead with the recipes of ` +
    `2019, ${significant(leadUntil(rows, 2024), 2)} with the best of each.`,
};

export const lecture4 = {
  "two-units": twoUnits,
  "text-lengths": textLengths,
  "weight-reuse": reuse,
  "ten-times-fewer": tenTimesFewer,
  "bytes-between": bytesBetween,
  "b0-speed-ups": speedUps,
  "b0-compiled": compiledLead,
  "accuracy-recipes": recipes,
  ...lecture4Measured,
} satisfies Record<string, Finding<never>>;
