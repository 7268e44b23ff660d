// What the tests ask of how a page looks, in the page itself: edges, letters, colours of charts; and pages of a PDF.
import type { Page } from "playwright-core";

/** The column's edges, as its paragraphs have them, and what stands a pixel or more outside or inside of them. */
export const edges = (page: Page) =>
  page.evaluate(() => {
    const box = (e: Element) => e.getBoundingClientRect();
    const main = document.querySelector("main")!;
    const text = box(main.querySelector("p")!);
    const wanted =
      "main .text > p, .code .highlight, .chart, .outputs > .wide, .outputs pre, main .wide > table, .fold";
    const out = [...document.querySelectorAll(wanted)].filter((e) => {
      if (!e.getClientRects().length) return false;
      const { left, right } = box(e);
      return Math.abs(left - text.left) > 1 || Math.abs(right - text.right) > 1;
    });
    const said = out.map((e) => `${e.localName}.${e.className} ${box(e).left} to ${box(e).right}`);
    return { left: text.left, right: text.right, out: [...new Set(said)] };
  });

/** Pixels of the smallest letters in the charts that are seen, explorables aside. */
export const smallestLetters = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<SVGSVGElement>(".chart > svg")]
      .filter((svg) => svg.getClientRects().length && !svg.closest("[role=group]"))
      .flatMap((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return [...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
      })
      .reduce((a, b) => Math.min(a, b), Infinity),
  );

/** Cards of charts that are lighter than half. */
export const lightMarks = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".chart svg > rect")]
      .map((card) => getComputedStyle(card).fill)
      .filter((fill) => fill.startsWith("rgb("))
      .filter(
        (fill) =>
          fill
            .match(/\d+/g)!
            .slice(0, 3)
            .map(Number)
            .reduce((a, b) => a + b) > 382,
      ),
  );

/**
 * Letters of charts with a contrast below 4.5 on the card, or, where they have no outline, below `within` on the mark
 * below them.
 */
export const unreadableInCharts = (page: Page, within = 4.5) =>
  page.evaluate((least) => {
    const luminance = (colour: string) => {
      const [r, g, b] = colour
        .match(/[\d.]+/g)!
        .slice(0, 3)
        .map((c) => Number(c) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const contrast = (a: string, b: string) => {
      const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
      return (high! + 0.05) / (low! + 0.05);
    };
    const seen = [...document.querySelectorAll<SVGSVGElement>(".chart > svg")].filter(
      (svg) => svg.getClientRects().length,
    );
    const bad = seen.flatMap((svg) => {
      const card = getComputedStyle(svg.querySelector("rect")!).fill;
      const marks = [...svg.querySelectorAll("rect, path")]
        .filter(
          (mark) => /^rgb\(/.test(getComputedStyle(mark).fill) && mark.closest("[data-mark=cell], [data-mark=bar]"),
        )
        .map((mark) => ({ box: mark.getBoundingClientRect(), fill: getComputedStyle(mark).fill }));
      return [...svg.querySelectorAll("text")].flatMap((text) => {
        const box = text.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const own = text.getAttribute("stroke") || text.closest("[data-mark*=axis]");
        const mark = own
          ? undefined
          : marks.findLast((m) => m.box.left <= x && x <= m.box.right && m.box.top <= y && y <= m.box.bottom);
        const ratio = contrast(getComputedStyle(text).fill, mark?.fill ?? card);
        return text.textContent && ratio < (mark ? least : 4.5) ? [`${ratio.toFixed(1)}: ${text.textContent}`] : [];
      });
    });
    return [...new Set(bad)];
  }, within);

/** Pictures that may be cut by the end of a page: higher than one, or free to break. */
export const cutPictures = (page: Page, height: number) =>
  page.$$eval(
    ".chart",
    (all, most) =>
      all
        .filter((e) => e.getClientRects().length)
        .filter((e) => e.getBoundingClientRect().height > most || getComputedStyle(e).breakInside !== "avoid")
        .map((e) => e.querySelector("title")?.textContent ?? e.className),
    height,
  );

/** How many pages a PDF has. */
export const pagesOf = (pdf: Buffer): number => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
