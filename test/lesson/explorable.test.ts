import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { barChart, svgText, type Chart } from "../../lib/charts/index.js";
import { explorable, intensityExplorer, rooflineExplorer, type ExplorableSpec } from "../../lib/lesson/index.js";
import { isExplorable } from "../../lib/lesson/explorable.js";

const page = new JSDOM("").window.document;
const hostile = `</script><img src=x onerror="alert(1)"> "&'`;
const draw = ({ n, device }: Record<string, string | number>): Chart =>
  barChart([{ name: String(device), value: Number(n) }], { title: `${n} of ${device}` });
const spec: ExplorableSpec = {
  title: hostile,
  draw,
  controls: [
    { name: "n", label: hostile, values: [1, 2, 3], start: 1 },
    { name: "device", label: "Device", values: ["A", hostile], kind: "select" },
  ],
};
const html = (s: ExplorableSpec): string => explorable(s).html(page);

/** The page as a browser runs it. */
function opened(body: string): Document {
  return new JSDOM(`<!doctype html><body>${body}</body>`, { runScripts: "dangerously" }).window.document;
}
const picture = (root: ParentNode): string => root.querySelector(".chart")!.innerHTML;
/** The same SVG as that browser writes it. */
const asWritten = (svg: string): string =>
  new JSDOM(`<body><div>${svg}</div>`).window.document.querySelector("div")!.innerHTML;

function move(root: ParentNode, i: number, value: number): void {
  const control = root.querySelector<HTMLInputElement>(`[data-i="${i}"]`)!;
  control.value = String(value);
  control.dispatchEvent(new (control.ownerDocument.defaultView as unknown as { Event: typeof Event }).Event("input"));
}

describe("explorable(spec)", () => {
  it("shows its first state without a script: picture, labels and values", () => {
    const document = new JSDOM(html(spec)).window.document; // scripts do not run
    const image = document.querySelector<HTMLImageElement>(".chart img")!;
    const svg = svgText(draw({ n: 2, device: "A" }), page);
    expect(Buffer.from(image.src.replace("data:image/svg+xml;base64,", ""), "base64").toString()).toBe(svg);
    expect(image.alt).toBe(draw({ n: 2, device: "A" }).description);
    expect(picture(opened(html(spec)))).toBe(asWritten(svg)); // and as part of the page where scripts run
    expect(document.querySelector("output")!.textContent).toBe("2");
    expect(document.querySelector<HTMLInputElement>("input")!.value).toBe("1");
    expect(document.querySelector("select")!.selectedIndex).toBe(0);
    expect([...document.querySelectorAll("label")].every((l) => l.querySelector("input, select"))).toBe(true);
    expect(document.querySelector("button")).toBeNull(); // which would do nothing
    expect(explorable(spec).description).toContain("2 of 1, 2, 3");
  });
  it("every state is the chart drawn directly, to the byte, for any walk through the states", () => {
    const document = opened(html(spec));
    for (const [n, device] of [
      [0, 0],
      [2, 1],
      [1, 1],
      [0, 1],
      [2, 0],
      [1, 0],
    ] as const) {
      move(document, 0, n);
      move(document, 1, device);
      expect(picture(document)).toBe(
        asWritten(svgText(draw({ n: [1, 2, 3][n]!, device: ["A", hostile][device]! }), page)),
      );
      expect(document.querySelector("output")!.textContent).toBe(String(n + 1));
    }
  });
  it("is text wherever a name goes: no element, no end of the script", () => {
    const source = html(spec);
    const document = new JSDOM(source).window.document;
    expect(document.querySelectorAll("img").length).toBe(1); // the first state, and none of the hostile name's
    expect(document.querySelectorAll("script").length).toBe(1);
    expect(source.match(/<\/script/g)).toHaveLength(1);
    expect(document.querySelector("[role=group]")!.getAttribute("aria-label")).toBe(hostile);
    expect(document.querySelector("label")!.textContent).toContain(hostile);
    expect([...document.querySelectorAll("option")].map((o) => o.textContent)).toEqual(["A", hostile]);
  });
  it("loads nothing", () => {
    expect(html(rooflineSpec())).not.toMatch(
      new RegExp(
        /\b(src|href)\s*=(?!"data:image\/svg\+xml;base64,)|@import|url\(/.source +
          /|https?:\/\/(?!www\.w3\.org\/2000\/svg)|import\(|fetch\(/.source,
      ),
    );
  });
  it("is the same text each time, and another for another content", () => {
    expect(html(spec)).toBe(html(spec));
    expect(html(spec)).not.toBe(html({ ...spec, title: "other" }));
  });
  it("shown twice on a page, each copy moves its own picture", () => {
    const one = html(spec);
    const document = opened(one + html({ ...spec, title: "other" }) + one);
    const copies = [...document.querySelectorAll<HTMLElement>("[role=group]")];
    const before = copies.map(picture);
    expect(copies).toHaveLength(3);
    move(copies[2]!, 0, 2);
    expect(copies.map(picture).map((p, i) => p === before[i])).toEqual([true, true, false]);
    move(copies[0]!, 0, 0);
    expect(copies.map(picture).map((p, i) => p === before[i])).toEqual([false, true, false]);
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it("draws at most 200 states, from controls that have values and a start among them", () => {
    const values = Array.from({ length: 201 }, (_, i) => i);
    expect(() => explorable({ ...spec, controls: [{ name: "n", label: "n", values }] })).toThrow(
      "explorable: controls must have at most 200 combinations, got 201",
    );
    expect(() => explorable({ ...spec, controls: [] })).toThrow(
      "explorable: controls must hold at least one control, got none",
    );
    expect(() => explorable({ ...spec, controls: [{ name: "n", label: "n", values: [] }] })).toThrow(
      "explorable: values of control n must hold at least one value, got none",
    );
    for (const start of [3, -1, 0.5, NaN])
      expect(() => explorable({ ...spec, controls: [{ name: "n", label: "n", values: [1, 2, 3], start }] })).toThrow(
        `explorable: start of control n must be an index from 0 to 2, got ${start}`,
      );
    expect(() => explorable({ ...spec, controls: [spec.controls[0]!, spec.controls[0]!] })).toThrow(
      'explorable: names of controls must differ, got "n" twice',
    );
  });
});

function rooflineSpec(): ExplorableSpec {
  return {
    title: "t",
    controls: [
      { name: "n", label: "n", values: [1, 2] },
      { name: "device", label: "d", values: ["x"] },
    ],
    draw,
  };
}

describe("rooflineExplorer(options)", () => {
  it("holds a picture for each batch, device and dtype, in less than half a megabyte", () => {
    const x = rooflineExplorer();
    const source = x.html(page);
    expect(isExplorable(x)).toBe(true);
    expect(source.length).toBeLessThan(500_000);
    expect(x.description).toMatch(/Batch: 64 of 1, 4, 16, 64.*H100.*memory-bound/);
    const document = opened(source);
    const seen = new Set<string>();
    for (let b = 0; b < 8; b++)
      for (let d = 0; d < 3; d++)
        for (let t = 0; t < 2; t++) {
          move(document, 0, b);
          move(document, 1, d);
          move(document, 2, t);
          seen.add(picture(document));
        }
    expect(seen.size).toBe(48);
  });
  it("refuses a device that the table does not have, and a dtype that a device does not list", () => {
    expect(() => rooflineExplorer({ devices: ["h100"] })).toThrow(/^device: /);
    expect(() => rooflineExplorer({ dtypes: ["fp7"] })).toThrow(/fp7/);
  });
});

describe("intensityExplorer(options)", () => {
  it("holds a curve for each dtype and a ridge point for each device, and says the first by its numbers", () => {
    const x = intensityExplorer();
    const document = opened(x.html(page));
    const seen = new Set<string>();
    for (let t = 0; t < 2; t++)
      for (let d = 0; d < 3; d++) {
        move(document, 0, t);
        move(document, 1, d);
        seen.add(picture(document));
      }
    expect(seen.size).toBe(6);
    expect(x.description).toContain("fp32 from 0.499 at 1");
    // 989.4e12 / 3.35e12 for bf16, 66.9e12 / 3.35e12 for fp32 on an H100.
    move(document, 0, 1);
    move(document, 1, 0);
    expect(picture(document)).toContain("ridge point 295.2");
    expect(x.description).toContain("ridge point 20.0");
  });
});
