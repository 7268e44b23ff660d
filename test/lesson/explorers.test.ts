// The five linked explorers: at twenty settings each, and at those that a notebook holds, they show what lib says.
import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { device, devices } from "../../lib/devices.js";
import { dtypes } from "../../lib/dtype.js";
import {
  attentionExplorer,
  cacheExplorer,
  convolutionExplorer,
  layerExplorer,
  memoryExplorer,
  type Explorable,
} from "../../lib/lesson/index.js";
import { attentionFigures } from "../../lib/lesson/attentionExplorer.js";
import { cacheFigures } from "../../lib/lesson/cacheExplorer.js";
import { countStates, stateAt, type ExplorableState } from "../../lib/lesson/controls.js";
import { convolutionFigures } from "../../lib/lesson/convolutionExplorer.js";
import { layerFigures } from "../../lib/lesson/layerExplorer.js";
import { memoryFigures } from "../../lib/lesson/memoryExplorer.js";
import { model } from "../../lib/models/index.js";
import { bytesMoved, cost } from "../../lib/op.js";
import { attention, conv2d, linear } from "../../lib/ops/index.js";
import { estimate } from "../../lib/roofline.js";
import { fits, tokensPerSecond } from "../../lib/serving/index.js";
import { cacheModel, loopAddresses, missRatio, setsTouched } from "../../lib/tensor/index.js";
import { formatTime, si } from "../../lib/units.js";
import { opened, settings } from "./moving.js";

const page = new JSDOM("").window.document;
const explorers: Readonly<Record<string, Explorable>> = {
  layer: layerExplorer(),
  attention: attentionExplorer(),
  memory: memoryExplorer(),
  cache: cacheExplorer(),
  convolution: convolutionExplorer(),
};
/** Twenty states of an explorer that can be, drawn by chance that repeats. */
const twenty = (name: string): ExplorableState[] =>
  settings(explorers[name]!.controls, 400)
    .filter((state) => explorers[name]!.shown(state, page).pictures.length > 0)
    .slice(0, 20);
const byName = (name: string | number) => Object.values(devices).find((each) => each.name === name)!;

describe("layerExplorer()", () => {
  it.each(twenty("layer"))("has the library's figures at %j", (state) => {
    const { batch, inFeatures, outFeatures, dtype, weightDtype } = state;
    const op = linear({
      tokens: Number(batch),
      inFeatures: Number(inFeatures),
      outFeatures: Number(outFeatures),
      dtype: dtype as "bf16",
      ...(weightDtype === "as the data" ? {} : { weightDtype: weightDtype as "int4" }),
    });
    const bounds = estimate(op, byName(state["device"]!), String(dtype));
    const figures = layerFigures(state);
    expect(figures.cost).toEqual(cost(op));
    expect(figures.estimate).toEqual(bounds);
    expect(figures.secondsPerToken).toBe(bounds.seconds / Number(batch));
    const { sentence, charts, table, drag } = explorers["layer"]!.view(state);
    expect(sentence).toContain(`At least ${formatTime(bounds.seconds)} a call`);
    expect(sentence).toContain(`${formatTime(bounds.seconds / Number(batch))} a token: ${bounds.bound}-bound`);
    expect(charts).toHaveLength(2);
    expect(table!.rows.at(-1)![1]!.replaceAll(",", "")).toBe(String(Math.round(bytesMoved(cost(op)))));
    const here = drag!.track.find(({ value }) => value === batch)!;
    expect([here.x, here.y]).toEqual([bounds.arithmeticIntensity, bounds.attainableFlops]);
  });
  it("offers every listed device and every format that one of them computes in", () => {
    const values = (name: string) => explorers["layer"]!.controls.find((c) => c.name === name)!.values;
    expect(values("device")).toEqual(Object.values(devices).map(({ name }) => name));
    const computed = dtypes.filter((each) => Object.values(devices).some((d) => d.peakFlops[each]));
    expect(values("dtype")).toEqual(computed);
  });
  it("says of a device without the format that it has none, and draws nothing", () => {
    const v100 = { ...explorers["layer"]!.first, device: device("v100-sxm2").name };
    expect(explorers["layer"]!.shown(v100, page)).toEqual({
      pictures: [],
      table: "",
      seen: true,
      sentence: expect.stringMatching(
        /^peakFlops: dtype must be one that v100-sxm2 lists \(.*\), got "bf16"$/,
      ) as string,
    });
  });
  it("refuses a start that cannot be", () => {
    expect(() => layerExplorer({ device: "h100" })).toThrow(/^device: /);
    expect(() => layerExplorer({ device: "v100-sxm2" })).toThrow(/^peakFlops: dtype must be/);
    expect(() => layerExplorer({ batch: 0 })).toThrow(
      "explorable: start of control batch must be a whole number from 1 to 65536, got 0",
    );
  });
});

describe("attentionExplorer()", () => {
  it.each(twenty("attention"))("has the library's figures at %j", (state) => {
    const h100 = device("h100-sxm");
    const [length, heads, kvHeads] = [state["length"], state["heads"], state["kvHeads"]].map(Number);
    const op = attention({
      tokens: state["phase"] === "decode" ? 1 : length!,
      context: length!,
      heads: heads!,
      kvHeads: kvHeads!,
      headDim: 128,
      fused: state["kernel"] === "fused",
      causal: true,
      dtype: "bf16",
    });
    const { core, layer, estimate: bounds } = attentionFigures(state, h100, 128);
    expect(core).toEqual(cost(op));
    expect(bounds).toEqual(estimate(op, h100, "bf16"));
    expect(layer.attention.bytes).toBe(bytesMoved(cost(op)));
    const tokens = state["phase"] === "decode" ? 1 : length!;
    const width = heads! * 128;
    expect(layer.projections.macs).toBe(tokens * width * (2 * width + 2 * kvHeads! * 128));
    expect(layer["feed-forward"].macs).toBe(3 * tokens * width * 3.5 * width);
    const { sentence } = explorers["attention"]!.view(state);
    expect(sentence).toContain(`Attention moves ${si(bytesMoved(cost(op)), "B")} at`);
  });
  it("says of heads that do not divide that they do not", () => {
    const state = { ...explorers["attention"]!.first, kvHeads: 128 };
    expect(explorers["attention"]!.shown(state, page).sentence).toMatch(/^attention: kvHeads must divide heads 32/);
  });
});

describe("memoryExplorer()", () => {
  it.each(twenty("memory"))("has the library's figures at %j", { timeout: 60_000 }, (state) => {
    const [batch, context, count] = [state["batch"], state["context"], state["count"]].map(Number);
    const m = model(String(state["model"]), {
      phase: "decode",
      tokens: 1,
      batch: batch!,
      context: context!,
      dtype: "bf16",
      weightDtype: String(state["weightDtype"]),
      kvDtype: String(state["kvDtype"]),
    });
    const d = byName(state["device"]!);
    const fit = fits(m, d, { parallel: { tensor: count! } });
    const figures = memoryFigures(state);
    expect([figures.ledger, figures.needed, figures.memory, figures.ok]).toEqual([
      fit.ledger,
      fit.needed,
      fit.memory,
      fit.ok,
    ]);
    const { decode } = tokensPerSecond(m, d, { batch: batch!, context: context! });
    expect(figures.tokensPerSecond.atMost / count!).toBeCloseTo(decode.tokensPerSecond, 6);
    const { sentence, charts } = explorers["memory"]!.view(state);
    expect(sentence).toMatch(fit.ok ? /^It fits: / : /^It does not fit: /);
    expect(charts[0]!.description).toContain(`memory: ${si(fit.memory, "B")}`);
  });
  it("says of a device without bf16, and of heads that cannot be divided, why there is nothing to see", () => {
    const { first } = explorers["memory"]!;
    const shown = (state: ExplorableState) => explorers["memory"]!.shown({ ...first, ...state }, page);
    expect(shown({ device: device("v100-sxm2").name })).toMatchObject({ pictures: [], sentence: /dtype must be/ });
    expect(shown({ model: "Qwen2.5-0.5B", count: 8 })).toMatchObject({ pictures: [], sentence: /devices|divide/ });
  });
});

describe("cacheExplorer()", () => {
  it.each(twenty("cache"))("has the library's figures at %j", (state) => {
    const [stride, elementBytes, done] = [state["stride"], state["elementBytes"], state["done"]].map(Number);
    const cache = cacheModel({
      lineBytes: Number(state["lineBytes"]),
      sets: Number(state["sets"]),
      ways: Number(state["ways"]),
    });
    const loops = { sizes: [stride!, 128 / stride!], strides: [1, stride!], elementBytes: elementBytes! };
    const walk = loopAddresses(loops, done);
    const figures = cacheFigures(state);
    expect(figures.addresses).toEqual(walk);
    expect(figures.misses / walk.length).toBe(missRatio(walk, cache));
    expect(figures.sets).toBe(setsTouched(walk, cache));
    expect(figures.fetchedBytes).toBe(figures.misses * cache.lineBytes);
    expect(new Set(walk).size).toBe(walk.length); // each element once
  });
});

describe("convolutionExplorer()", () => {
  it.each(twenty("convolution"))("has the library's figures at %j", (state) => {
    const [kernelSize, stride, padding, dilation] = ["kernelSize", "stride", "padding", "dilation"].map((name) =>
      Number(state[name]),
    );
    const shape = { kernelSize: kernelSize!, stride: stride!, padding: padding!, dilation: dilation! };
    const op = conv2d({ inChannels: 1, outChannels: 1, height: 6, width: 6, ...shape });
    const { matrix, macs, height, width } = convolutionFigures(state);
    expect([1, 1, height, width]).toEqual(op.outputs[0]!.shape);
    expect(macs).toBe(op.macs);
    expect(matrix.flat()).toHaveLength(op.macs);
    // Every element that is read is of the input.
    expect(matrix.flat().every((element) => element === undefined || (element >= 0 && element < 36))).toBe(true);
    const { charts, sentence } = explorers["convolution"]!.view(state);
    expect(charts.map(({ kind }) => kind)).toEqual(["gridChart", "gridChart"]);
    expect(sentence).toContain(`of ${height} × ${width},`);
  });
  it("says of a window that is larger than the input that it is", () => {
    const state = { ...explorers["convolution"]!.first, padding: 0, dilation: 3 };
    expect(explorers["convolution"]!.shown(state, page).sentence).toMatch(/^conv2d: /);
  });
});

describe.each(Object.entries(explorers))("%s explorer in a notebook", (name, explorer) => {
  it("moves through its states, each as the library draws it", { timeout: 120_000 }, () => {
    const count = countStates(explorer.controls);
    const html = explorer.html(page);
    expect(count).toBeLessThanOrEqual(200);
    expect(html.length).toBeLessThan(200_000);
    const { root, move } = opened(html, explorer.controls);
    for (let k = 0; k < count; k += Math.ceil(count / 8)) {
      const state = stateAt(explorer.controls, k);
      move(state);
      const { charts, sentence } = explorer.view(state);
      const descriptions = [...root.querySelectorAll("desc")].map((e) => e.textContent);
      expect([name, state, descriptions]).toEqual([name, state, charts.map((chart) => chart.description)]);
      expect(root.querySelector("[role=status]")!.textContent).toBe(sentence);
    }
    root.querySelector("button")!.click();
    expect(root.querySelector("[role=status]")!.textContent).toBe(explorer.view(explorer.first).sentence);
  });
});
