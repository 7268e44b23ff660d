import { describe, expect, it } from "vitest";
import { costByPath, macsByKind, model, modelCost, type ModelOptions } from "../../lib/index.js";
import golden from "../golden/encoders.json" with { type: "json" };

const part = (name: string, path: string, options: ModelOptions = {}) =>
  costByPath(model(name, options), 1).find((g) => g.path === path)!.cost;
const opAt = (name: string, path: string) => model(name).nodes.find((n) => n.path === path)!.op;

describe("BERT and its relatives", () => {
  it.each(golden.encoders)(
    'model("$name") has the published parameters and exact MACs at 128 and 512 tokens, with its pooler',
    (row) => {
      const [short, long] = [128, 512].map((tokens) => modelCost(model(row.name, { tokens })));
      expect([short!.params, short!.macs, long!.macs]).toEqual([
        row.params,
        row.macsAt128WithPooler,
        row.macsAt512WithPooler,
      ]);
    },
  );

  it.each(golden.encoders)('model("$name") without its pooler is the published encoder', (row) => {
    const nodes = model(row.name, { tokens: 512 }).nodes.filter((n) => !n.path.startsWith("pooler"));
    const c = modelCost({ name: row.name, nodes, workload: {} });
    expect([c.params, c.macs]).toEqual([row.paramsWithoutPooler, row.macsAt512]);
  });
});

describe("Other published totals", () => {
  // Hugging Face model cards and safetensors headers; whisper-*.en: the multilingual total less one row of the
  // embedding.
  it.each([
    ["distilroberta-base", 82118400],
    ["bert-base-multilingual-cased", 177853440],
    ["whisper-tiny.en", 37760640 - 384],
    ["whisper-medium.en", 763857920 - 1024],
    ["whisper-large-v3-turbo", 808878080],
  ])('model("%s") has %i parameters', (name, params) => expect(modelCost(model(name)).params).toBe(params));
});

describe("Encoders and encoder-decoders against PyTorch's dispatcher", () => {
  it.each(golden.dispatcher)(
    'model("$name", $options) has its parameters and its contractions by kind',
    ({ name, options, params, conv, linear, bmm }) => {
      const m = model(name, options as ModelOptions);
      expect(macsByKind(m)).toEqual({ conv, linear, bmm });
      expect(modelCost(m).params).toBe(params);
    },
  );
});

describe("DeiT and ViT by the names of their papers", () => {
  it.each(golden.deit)('model("$name") has the published parameters and exact MACs', ({ name, params, macs }) => {
    const c = modelCost(model(name));
    expect([c.params, c.macs]).toEqual([params, macs]);
  });
});

describe("T5", () => {
  it.each(golden.t5)(
    'model("$name") has the published parameters in encoder, decoder and shared embedding',
    ({ name, params, encoder, decoder }) => {
      const shared = opAt(name, "encoder/embed_tokens").weights[0]!.shape.reduce((a, b) => a * b, 1);
      expect([
        part(name, "encoder").params - shared,
        part(name, "decoder").params,
        modelCost(model(name)).params,
      ]).toEqual([encoder, decoder, params]);
    },
  );

  it.each([
    ["t5-large", 737668096],
    ["t5-3b", 2851598336],
    ["t5-11b", 11307321344],
  ])('model("%s") has the parameters of Raffel et al. in Hugging Face\'s export: %i', (name, params) => {
    expect(modelCost(model(name)).params).toBe(params);
  });

  it('model("t5-base") encodes as BERT-base does: the same matrices at the same length', () => {
    expect(part("t5-base", "encoder", { tokens: 512 }).macs).toBe(
      golden.encoders.find((r) => r.name === "bert-base-uncased")!.macsAt512,
    );
  });
});

describe("Whisper", () => {
  it.each(golden.whisper)(
    'model("$name") has the published parameters, and its encoder the exact MACs for 30 s',
    (row) => {
      expect([
        part(row.name, "encoder").params,
        part(row.name, "decoder").params,
        modelCost(model(row.name)).params,
      ]).toEqual([row.encoder, row.decoder, row.params]);
      expect(part(row.name, "encoder").macs).toBe(row.encoderMacs);
      const positions = opAt(row.name, "encoder/embed_positions").weights[0]!.shape.reduce((a, b) => a * b, 1);
      expect(row.params - positions).toBe(row.trainable);
    },
  );

  it('model("whisper-medium") and its encoder match the published total and the closed form', () => {
    expect(modelCost(model("whisper-medium")).params).toBe(763857920);
    expect(part("whisper-medium", "encoder").macs).toBe(569032704000);
  });
});

describe("Decoding with an encoder-decoder", () => {
  it.each(["t5-small", "whisper-tiny"])(
    'model("%s", { phase: "decode" }) summed over its steps does the ' +
      "decoder's prefill, except that the encoded source is projected once",
    (name) => {
      const steps = 6;
      const sourceTokens = name === "t5-small" ? 17 : 1500;
      const decoded = Array.from(
        { length: steps },
        (_, i) => modelCost(model(name, { phase: "decode", context: i + 1, sourceTokens })).exactMacs,
      ).reduce((a, b) => a + b);
      const prefill = model(name, { tokens: steps, sourceTokens });
      const whole = modelCost({
        ...prefill,
        nodes: prefill.nodes.filter(
          ({ path }) =>
            !path.startsWith("encoder/") && !/(encoder_attn|EncDecAttention)\/(k|v|k_proj|v_proj)$/.test(path),
        ),
      });
      expect(decoded).toBe(whole.exactMacs);
    },
  );
});
