// What the tests ask a page of the site, in the page itself: its ids, pictures, sizes, colours and formulas.
import type { Page } from "playwright-core";

/** Ids that stand twice, and references to ids that stand nowhere. */
export const faultyIds = (page: Page) =>
  page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    const referred = [...document.querySelectorAll("*")].flatMap((e) =>
      [...e.attributes].flatMap(({ value }) => [...value.matchAll(/url\(["']?#([^"')]+)/g)].map((found) => found[1]!)),
    );
    return { twice, lost: referred.filter((id) => !ids.includes(id)) };
  });

/** Addresses in things that load, other than data and places of the page: a policy or a picture could hide them. */
export const foreignSources = (page: Page) =>
  page.$$eval("[src], link[href], image, use", (all) =>
    all
      .map((e) => e.getAttribute("src") ?? e.getAttribute("href") ?? "")
      .filter((address) => !/^(data:|#)/.test(address)),
  );

/** The number of painted marks of each picture; 0 for one that is too small to see. */
export const paintedMarks = (page: Page) =>
  page.$$eval("main svg:not(svg svg)", (all) =>
    all.map((svg) => {
      const { width, height } = svg.getBoundingClientRect();
      if (width < 200 || height < 100) return 0;
      return [...svg.querySelectorAll<SVGGraphicsElement>("path, circle, rect, line, ellipse, polygon")].filter(
        (mark) => {
          const box = mark.getBBox();
          const { fill, stroke, visibility } = getComputedStyle(mark);
          return box.width + box.height > 0 && visibility === "visible" && (fill !== "none" || stroke !== "none");
        },
      ).length;
    }),
  );

/** How many pictures neither have a title nor a label. */
export const namelessPictures = (page: Page) =>
  page.$$eval(
    "main svg:not(svg svg)",
    (all) => all.filter((svg) => !svg.querySelector("title")?.textContent && !svg.getAttribute("aria-label")).length,
  );

/** The beginnings of prose in less than 12 pixels. */
export const smallTexts = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("main p, main li")]
      .filter((e) => !e.closest("svg, table, details") && parseFloat(getComputedStyle(e).fontSize) < 12)
      .map((e) => e.textContent!.slice(0, 40)),
  );

/** The mean of the paper's three channels, 0 to 255. */
export const paperBrightness = (page: Page) =>
  page.evaluate(
    () =>
      getComputedStyle(document.body)
        .backgroundColor.match(/\d+/g)!
        .slice(0, 3)
        .map(Number)
        .reduce((a, b) => a + b) / 3,
  );

/** The page's displayed formulas: how many, how many without room or in error, and TeX that was left as text. */
export const formulas = (page: Page) =>
  page.evaluate(() => {
    const blocks = [...document.querySelectorAll("math[display='block']")];
    const box = blocks.map((m) => m.getBoundingClientRect());
    const prose = [...document.querySelectorAll("main .text")]
      .map((e) => {
        const copy = e.cloneNode(true) as Element;
        copy.querySelectorAll("code, pre").forEach((c) => c.remove());
        return copy.textContent!;
      })
      .join("\n");
    return {
      blocks: blocks.length,
      flat: box.filter((b) => b.width < 5 || b.height < 5).length,
      errors: document.querySelectorAll("merror").length,
      left: prose.match(/\$\$|\\(?:frac|text|cdot|min|max|times)\b/g),
    };
  });
