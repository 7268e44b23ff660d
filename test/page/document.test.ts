// Charts drawn in a page's worker are those that the notebook stores, to the byte.
import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { svgText } from "../../lib/charts/index.js";
import { DrawnDocument } from "../../page/run/document.js";
import { samples } from "../charts/samples.js";

const { document } = new JSDOM("").window;
const drawn = new DrawnDocument();

describe("the worker's document", () => {
  it.each(Object.keys(samples))("draws %s as jsdom does, to the byte", (name) => {
    expect(svgText(samples[name]!, drawn) === svgText(samples[name]!, document)).toBe(true);
  });
});
