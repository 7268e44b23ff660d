// explore.html from the disk in a real browser: what it answers is what the command line prints, of names and of files;
// a link gives the same view; nothing is asked of anybody, and what comes from a file is text.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ggufFile } from "../import/support/files.js";
import { brokenFiles, config, gguf, graph, metadata, tensors, weights, type Sample } from "../explore/samples.js";
import { dimTexts, openBrowser, watched } from "../support/browser.js";
import { agree, answered, choose, drop, inAddress, printed, shown } from "../support/explorePage.js";
import { lacksBrowser, temporaryFolder, titled } from "../support/hosts.js";
import { faultyIds, foreignSources, namelessPictures } from "../support/pages.js";
import { exportStored } from "../support/stored.js";

const lack = lacksBrowser();

describe.skipIf(lack)(titled("explore.html", lack), () => {
  const folder = temporaryFolder();
  const site = join(folder, "site");
  const files = join(folder, "files");
  const address = pathToFileURL(join(site, "explore.html")).href;
  const before = process.cwd();
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let seen: ReturnType<typeof watched>;

  beforeAll(async () => {
    await exportStored(site);
    mkdirSync(files);
    // The command line is asked where the files lie, by the names that the page has.
    process.chdir(files);
    browser = await openBrowser({ viewport: { width: 1280, height: 900 } });
  });
  afterAll(async () => {
    process.chdir(before);
    await browser?.close();
  });
  beforeEach(async () => {
    page = await browser.context.newPage();
    seen = watched(page);
  });
  afterEach(async () => {
    expect(seen.complaints).toEqual([]);
    expect(seen.requests.filter((each) => !each.startsWith("blob:") && !each.startsWith(address))).toEqual([]);
    await page.close();
  });

  const visit = async (hash = ""): Promise<void> => void (await page.goto(address + hash));
  const byName = (model: string, more = ""): string => `#model=${model}&device=h100-sxm${more}`;

  test("opens with an answer, and answers each change of the form", async () => {
    await visit();
    await answered(page, "llama-3.1-8b");
    await agree(page);
    await page.fill("input[name=model]", "resnet50");
    await page.selectOption("select[name=phase]", "");
    await page.fill("input[name=context]", "");
    await answered(page, "count resnet50 --batch 8 --json");
    expect(JSON.parse((await agree(page))[0]!)).toMatchObject({ name: "resnet50", params: 25557032 });
    await page.selectOption("select[name=device]", "");
    await page.waitForFunction(() => document.querySelectorAll(".printed details").length === 1);
    await agree(page, 1);
    await page.selectOption("select[name=device]", "own");
    await page.fill("textarea[name=figures]", '{"name": "mine", "peakFlops": {"fp32": 1e12}, "bandwidth": 1e11}');
    await page.waitForFunction(() => document.querySelector(".results")!.textContent!.includes("On mine"));
    expect((await agree(page))[2]).toMatch(/^ridgepoint fits: .*known memory/);
  });

  const whole: readonly Sample[] = [
    ["llama.json", config, { tokens: "7" }],
    ["m.gguf", gguf, { tokens: "5" }],
    ["m.safetensors", weights],
    ["m.onnx", graph, { batch: "2" }],
  ];
  test.each([...whole, ...brokenFiles])("of %s it says what the command line does", async (name, content, options) => {
    writeFileSync(join(files, name), content);
    await visit(`#file=${name}&device=h100-sxm${inAddress(options)}`);
    await choose(page, [{ name, content }]);
    await answered(page, `count ${name}`);
    const [count] = await agree(page);
    if (whole.some(([each]) => each === name)) return expect(JSON.parse(count!)).toMatchObject({ name });
    expect(await page.locator(".answer").textContent()).toBe(count!.replace(/^ridgepoint /, ""));
    for (const [option, text] of Object.entries(options ?? {}))
      expect(await page.locator(`[name=${option}]`).inputValue()).toBe([text].flat().join(" "));
  });

  test("of the parts of a split GGUF, dropped on it, and of a folder", async () => {
    const part = (i: number) =>
      ggufFile({ ...metadata, "split.count": 2, "split.no": i }, i === 0 ? tensors.slice(0, 1) : tensors.slice(1));
    const parts = [1, 0].map((i) => ({ name: `m-0000${i + 1}-of-00002.gguf`, content: part(i) }));
    for (const { name, content } of parts) writeFileSync(join(files, name), content);
    await visit(byName("resnet18"));
    await answered(page, "resnet18");
    await drop(page, parts);
    await answered(page, "count m-00001-of-00002.gguf");
    expect(JSON.parse((await agree(page))[0]!)).toMatchObject({ file: { tensors: 3 } });

    mkdirSync(join(files, "llama"));
    writeFileSync(join(files, "llama", "config.json"), config);
    writeFileSync(join(files, "llama", "README.md"), "a model");
    await page.locator("input[name=folder]").setInputFiles(join(files, "llama"));
    await answered(page, "count ./llama");
    const named = (text: string): string => text.replace('"name": "./llama"', '"name": "llama"');
    for (const { line, text } of await shown(page)) expect(text).toBe(named(await printed(line)));
  });

  test("a link gives the same view again: names, options, figures and a configuration, but no file", async () => {
    const mine = '{"name": "a & b#c", "peakFlops": {"bf16": 1e14}, "bandwidth": 1e12, "memory": 24e9}';
    await visit();
    await answered(page, "llama-3.1-8b");
    await page.locator("input[name=use][value=config]").check();
    await page.fill("textarea[name=config]", config);
    await page.selectOption("select[name=device]", "own");
    await page.fill("textarea[name=figures]", mine);
    await page.locator("summary", { hasText: "Memory and devices" }).click();
    await page.fill("input[name=devices]", "2");
    await answered(page, "config.json", "--context 4096");
    await page.waitForFunction(() => /devices 2/.test(document.querySelector(".printed")!.textContent!));
    writeFileSync(join(files, "config.json"), config);
    await agree(page);
    const first = await shown(page);
    const link = await page.locator(".link a").getAttribute("href");
    expect(new URL(page.url()).hash).toBe(new URL(`${address}${link}`).hash);
    const other = await browser.context.newPage();
    await other.goto(`${address}${link}`);
    await answered(other, "config.json");
    expect(await shown(other)).toEqual(first);
    expect(await other.locator("textarea[name=figures]").inputValue()).toBe(mine);
    expect(await other.locator("input[name=devices]").isVisible()).toBe(true);
    await other.evaluate((hash) => {
      location.hash = hash;
    }, "#file=m.gguf&device=h100-sxm");
    await other.waitForFunction(() => /A link cannot hold a file: choose m\.gguf/.test(document.body.textContent!));
    await other.close();
  });

  test("keeps what was typed where it is refused, and answers again once it is mended", async () => {
    await visit(byName("resnet50"));
    await answered(page, "resnet50");
    await page.fill("input[name=batch]", "many");
    await answered(page, "--batch many");
    expect(await page.locator(".answer").textContent()).toBe('count: --batch must be a positive integer, got "many"');
    expect(await page.locator("input[name=batch]").inputValue()).toBe("many");
    await page.fill("input[name=batch]", "4");
    await answered(page, "--batch 4");
    await agree(page);
    await page.fill("input[name=model]", "");
    await page.waitForFunction(() => /Type a model's name/.test(document.querySelector(".answer")!.textContent!));
  });

  const markup = "<img src=x onerror=alert(1)><b>b</b>";
  test.each<[string, () => Promise<void>]>([
    ["a model's name", () => visit(byName(encodeURIComponent(markup)))],
    [
      "a file's name",
      async () => {
        await visit();
        await drop(page, [{ name: `${markup}.gguf`, content: gguf }]);
      },
    ],
    [
      "a file's content",
      async () => {
        await visit();
        const named = { ...metadata, "general.architecture": markup };
        await drop(page, [{ name: "markup.gguf", content: ggufFile(named, tensors) }]);
      },
    ],
    [
      "a device's name",
      async () => {
        const figures = { name: markup, peakFlops: { fp32: 1e12 }, bandwidth: 1e11, memory: 1e9, note: markup };
        await visit(`#model=resnet18&device=${encodeURIComponent(JSON.stringify(figures))}`);
      },
    ],
    ["an option", () => visit(byName("resnet18", `&dtype=${encodeURIComponent(markup)}`))],
  ])("markup in %s stays text", async (_, ask) => {
    await ask();
    await page.waitForFunction(
      (text) => document.querySelector(".results:not([aria-busy]) .printed")?.textContent?.includes(text),
      "<b>b</b>",
    );
    expect(await page.locator("main img, main b, main script").count()).toBe(0);
    expect(await page.locator("main").textContent()).toContain("onerror=alert(1)");
  });

  test("is used with the keyboard alone", async () => {
    await visit(byName("resnet18"));
    await answered(page, "resnet18");
    const at = () =>
      page.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.localName);
    const tabTo = async (name: string): Promise<void> => {
      for (let i = 0; i < 60 && (await at()) !== name; i++) await page.keyboard.press("Tab");
      expect(await at()).toBe(name);
      const line = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
      expect([name, line]).not.toEqual([name, "none"]);
    };
    await tabTo("model");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("resnet34");
    await answered(page, "resnet34");
    await page.keyboard.press("Escape");
    await tabTo("device");
    await page.keyboard.press("End");
    await page.waitForFunction(() => !/device=h100-sxm/.test(location.hash));
    await tabTo("batch");
    await page.keyboard.type("16");
    await answered(page, "resnet34", "--batch 16");
    await agree(page);
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement!.matches(".printed summary"))) break;
    }
    await page.keyboard.press("Enter");
    expect(await page.locator(".printed details[open] pre").count()).toBe(1);
  });

  test("is whole: ids, names of pictures and of fields, contrast, no wider than a phone", async () => {
    await visit(byName("resnet50", "&as=fvcore&batch=8"));
    await answered(page, "resnet50");
    expect(await faultyIds(page)).toEqual({ twice: [], lost: [] });
    expect(await foreignSources(page)).toEqual([]);
    expect(await namelessPictures(page)).toBe(0);
    expect(await page.locator(".results figure.chart svg").count()).toBe(2);
    const nameless = await page.$$eval("form :is(input, select, textarea)", (all) =>
      all.filter((each) => !(each as HTMLInputElement).labels?.[0]?.textContent?.trim()).map((each) => each.outerHTML),
    );
    expect(nameless).toEqual([]);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await dimTexts(page, "body *:not(script, style)", 4.5)).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForFunction(() => Number(document.querySelector("figure svg")!.getAttribute("width")) <= 390);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test("says without scripts what it would do, and how the command line does it", async () => {
    const plain = await openBrowser({ javaScriptEnabled: false });
    try {
      const bare = await plain.context.newPage();
      await bare.goto(address);
      expect(await bare.locator("main").innerText()).toMatch(/With scripts on.*npx ridgepoint count/s);
      expect(await bare.locator("input, button, select").count()).toBe(0);
    } finally {
      await plain.close();
    }
  });
});
