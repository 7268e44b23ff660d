// fromHuggingFace against diffusers (scripts/oracle/diffusion.py): a component is counted exactly or refused.
import { describe, expect, it } from "vitest";
import { diffusersClasses, fromHuggingFace, modelCost } from "../../lib/index.js";
import golden from "../golden/diffusers.json" with { type: "json" };

type Row = (typeof golden.rows)[number] & {
  changed?: string;
  latent?: number[];
  image?: number[];
  tokens?: number;
  trained?: number;
};
const rows = golden.rows as unknown as readonly Row[];

/** "exact", "refused", or what is wrong. */
function verdict(row: Row): string {
  try {
    const { macs, params } = modelCost(fromHuggingFace({ ...row.config, _class_name: row.class }, workloadOf(row)));
    return macs === row.macs && params === row.params ? "exact" : `${params}, ${macs} for ${row.params}, ${row.macs}`;
  } catch (error) {
    const { message } = error as Error;
    return /^fromHuggingFace: [^\n]*must[^\n]*, got [^\n]*$/.test(message) ? "refused" : message;
  }
}

const pair = (size: number[] | undefined) => size as [number, number] | undefined;
const workloadOf = ({ latent, image, tokens }: Row) => ({
  ...(latent ? { latentSize: pair(latent) } : {}),
  ...(image ? { imageSize: pair(image) } : {}),
  ...(tokens === undefined ? {} : { tokens }),
});

describe("fromHuggingFace counts as diffusers does, or refuses in one line", () => {
  it.each(rows.filter((row) => row.changed === undefined))("$name", (row) => expect(verdict(row)).toBe("exact"));

  const changed = new Map<string, Row[]>();
  for (const row of rows.filter((each) => each.changed !== undefined))
    changed.set(row.name, [...(changed.get(row.name) ?? []), row]);
  it.each([...changed])("%s with one field changed", (_, own) => {
    const verdicts = own.map((row) => [row.changed, verdict(row)]);
    expect(verdicts.filter(([, said]) => said !== "exact" && said !== "refused")).toEqual([]);
    expect(verdicts.filter(([, said]) => said === "exact").length).toBeGreaterThan(verdicts.length / 2);
  });

  it("has a row for every class", () => {
    const asked = new Set(rows.map((row) => row.class));
    expect(diffusersClasses.filter((name) => !asked.has(name))).toEqual([]);
  });
});

describe("a component of diffusers", () => {
  const unet = { _class_name: "UNet2DConditionModel", sample_size: 8, block_out_channels: [32, 64] };
  const types = {
    down_block_types: ["CrossAttnDownBlock2D", "DownBlock2D"],
    up_block_types: ["UpBlock2D", "CrossAttnUpBlock2D"],
  };
  const small = { ...unet, ...types };

  it("takes the size of its latent from the file, and says it", () => {
    const counted = fromHuggingFace(small);
    expect(counted.workload).toMatchObject({ latentSize: 8, batch: 1, tokens: 77 });
    expect(fromHuggingFace(small, { latentSize: 8 })).toEqual(counted);
    const batched = modelCost(fromHuggingFace(small, { batch: 3 }));
    expect([batched.params, batched.macs]).toEqual([modelCost(counted).params, 3 * modelCost(counted).macs]);
  });

  it.each(rows.filter((row) => row.trained !== undefined))("$name trains as PyTorch does", (row) => {
    const config = { ...row.config, _class_name: row.class };
    const { macs, params } = modelCost(fromHuggingFace(config, { ...workloadOf(row), phase: "train" }));
    expect([params, macs]).toEqual([row.params, row.trained]);
  });

  it.each([
    [{ ...small, sample_size: null }, {}, /latentSize must be given \(--latent-size\).*got nothing$/],
    [small, { imageSize: 512 }, /size must be given as latentSize \(--latent-size\).*got imageSize 512$/],
    [small, { phase: "decode" as const }, /phase must be prefill or train/],
    [{ ...small, new_width: 7 }, {}, /^fromHuggingFace: new_width must be left out .* got 7$/],
    [{ ...small, quantization_config: { quant_method: "gguf" } }, {}, /quantization_config must be absent/],
    [{ ...small, _class_name: "UNet3DConditionModel" }, {}, /_class_name must be one of UNet2DConditionModel, .* got/],
    [{ _class_name: "DiTTransformer2DModel" }, { latentSize: [32, 64] as const }, /latentSize must be one number/],
    [{ _class_name: "FluxTransformer2DModel" }, { latentSize: 63 }, /latentSize must be even, got 63$/],
    [{ _class_name: "SD3Transformer2DModel" }, { latentSize: 194 }, /must be at most 96, got 97$/],
  ])("refuses what is not counted (%#)", (config, options, message) =>
    expect(() => fromHuggingFace(config, options)).toThrow(message),
  );
});
