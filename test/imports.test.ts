// Imports within lib run one way, and what is for a page reaches no Node API.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lib, files, known, imports, existsInLib, code, valueImports } from "./support/sources.js";

// One rank a concept: an import goes to the same rank's folder or to a lower rank. Names are a file of lib or a folder.
const order = [
  ["dtype", "units", "check", "lookUp"],
  ["op"],
  ["ops"],
  ["model"],
  ["models", "import", "convention"],
  ["roofline", "devices", "predict"],
  ["serving"],
  ["comparing", "kernels"],
  ["measure"],
];
const rankOf = (path: string): number =>
  order.findIndex((names) => names.includes(path.split("/")[0]!.replace(/\.(ts|mjs)$/, "")));
const partOf = (path: string): string => path.split("/")[0]!.replace(/\.(ts|mjs)$/, "");
const local = (file: string): string[] => imports(file).filter((to) => existsInLib(to));

describe("the import lines of lib", () => {
  it("are all found: each relative one names a file of lib", () => {
    expect(files.length).toBeGreaterThan(80);
    const dangling = files.flatMap((f) =>
      imports(f)
        .filter((to) => !existsInLib(to) && to.includes("/") && !/^(node:|@|[a-z0-9-]+\/[a-z])/.test(to))
        .map((to) => `${f} -> ${to}`),
    );
    expect(dangling).toEqual([]);
    expect(imports("op.ts")).toEqual(["check", "dtype"]);
    expect(imports("devices.ts")).toContain("devices/nvidia");
  });

  it("run one way, from dtype to measure", () => {
    const wrong = files
      .filter((f) => rankOf(f) >= 0)
      .flatMap((f) =>
        local(f)
          .filter((to) => wrongWay(f, to))
          .map((to) => `${f} -> ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it("would be caught the other way", () => {
    for (const [from, to] of [
      ["op.ts", "ops/linear"],
      ["dtype.ts", "op"],
      ["ops/linear.ts", "model"],
      ["model.ts", "models/index"],
      ["roofline.ts", "devices"],
      ["devices.ts", "predict"],
      ["predict.ts", "kernels/index"],
      ["kernels/peak.ts", "measure/index"],
      ["measure/measure.ts", "lesson/show"],
      ["ops/linear.ts", "charts/bar"],
      ["models/vit.ts", "import/index"],
      ["op.ts", "tensor/view"],
    ] as const)
      expect([from, to, wrongWay(from, to)]).toEqual([from, to, true]);
    for (const [from, to] of [
      ["predict.ts", "devices/anchors"],
      ["ops/linear.ts", "ops/shape"],
      ["measure/layoutSum.ts", "tensor/index"],
      ["import/index.ts", "models/index"],
    ] as const)
      expect([from, to, wrongWay(from, to)]).toEqual([from, to, false]);
  });

  it("let tensor stand on dtype, units and check alone", () => {
    const wrong = files
      .filter((f) => partOf(f) === "tensor")
      .flatMap((f) =>
        local(f)
          .filter((to) => partOf(to) !== "tensor" && rankOf(to) !== 0)
          .map((to) => `${f} -> ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it("let text take plain rows: of lib it knows units and check, and nothing else", () => {
    const wrong = files
      .filter((f) => partOf(f) === "text")
      .flatMap((f) =>
        local(f)
          .filter((to) => !["text", "units", "check"].includes(partOf(to)))
          .map((to) => `${f} -> ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it("let explore stand on what counts and on text, and only the command line and a page's entries on explore", () => {
    const wrong = files.flatMap((f) =>
      local(f)
        .filter((to) =>
          partOf(f) === "explore"
            ? ["kernels", "measure", "lesson", "charts", "cli"].includes(partOf(to))
            : partOf(to) === "explore" && !["cli", "index", "browser"].includes(partOf(f)),
        )
        .map((to) => `${f} -> ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("let charts take plain rows: of lib they know units, and nothing else", () => {
    const wrong = files
      .filter((f) => partOf(f) === "charts")
      .flatMap((f) =>
        local(f)
          .filter((to) => !["charts", "units", "check"].includes(partOf(to)))
          .map((to) => `${f} -> ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it("let nothing but index and browser import lesson, and nothing but these and lesson import charts", () => {
    const wrong = files.flatMap((f) =>
      local(f)
        .filter(
          (to) =>
            (partOf(to) === "lesson" && !["lesson", "index", "lecturePage"].includes(partOf(f))) ||
            (partOf(to) === "charts" && !["charts", "lesson", "index", "lecturePage"].includes(partOf(f))),
        )
        .map((to) => `${f} -> ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("touch Node only in import, kernels, measure, lesson and cli", () => {
    const wrong = files
      .filter((f) => !["import", "kernels", "measure", "lesson", "cli", "bin"].includes(partOf(f)))
      .flatMap((f) =>
        [
          ...imports(f).filter((to) => to.startsWith("node:")),
          ...(/\b(process|Buffer|require|__dirname)\s*[.(]/.exec(code(f)) ?? []),
        ].map((to) => `${f} -> ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it("have no cycle", () => {
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (f: string, path: string[]): void => {
      if (state.get(f) === "done") return;
      if (state.get(f) === "open") {
        cycles.push([...path.slice(path.indexOf(f)), f].join(" -> "));
        return;
      }
      state.set(f, "open");
      for (const to of valueImports(f)) visit(to, [...path, f]);
      state.set(f, "done");
    };
    for (const f of known) visit(f, []);
    expect(cycles).toEqual([]);
  });
});

it(
  "lib/browser.ts reaches no Node API " + "and nothing that is made for Node, " + "and exports what lib/index.ts does",
  async () => {
    const reached = new Set<string>();
    const outside = new Set<string>();
    const visit = (f: string): void => {
      if (reached.has(f)) return;
      reached.add(f);
      for (const to of imports([".ts", ".mjs"].map((end) => f + end).find((g) => files.includes(g))!))
        if (existsInLib(to)) visit(to);
        else outside.add(to);
    };
    visit("browser");
    expect([...reached].filter((f) => partOf(f) === "cli" || /^lesson\/(index|measured|records)$/.test(f))).toEqual([]);
    expect([...outside].filter((name) => !["@observablehq/plot", "@bufbuild/protobuf/wire"].includes(name))).toEqual(
      [],
    );
    const page = await import("../lib/browser.js");
    const whole = await import("../lib/index.js");
    expect(Object.entries(page).filter(([name, value]) => (whole as Record<string, unknown>)[name] !== value)).toEqual(
      [],
    );
    expect(Object.keys(page)).toEqual(
      expect.arrayContaining([
        "linear",
        "model",
        "modelCost",
        "countAs",
        "estimate",
        "predict",
        "fits",
        "fromHuggingFace",
        "fromOnnx",
        "fromGguf",
        "fromSafetensors",
        "fromTensorFile",
        "explore",
        "rooflineChart",
        "svgText",
        "Tensor",
        "measureMachine",
        "measurePoints",
        "kernels",
        "show",
        "check",
      ]),
    );
  },
);

it.each(["index.ts", "browser.ts", "lecturePage.ts"])("lib/%s only re-exports", (file) => {
  expect(
    code(file)
      .replace(/export\s+(type\s+)?(\*(\s+as\s+\w+)?|\{[^}]*\})\s+from\s+"[^"]+";/g, "")
      .trim(),
  ).toBe("");
});

it("every file that is more than a list of exports opens with a preface", () => {
  expect(
    files.filter(
      (f) =>
        !f.endsWith("/index.ts") &&
        !readFileSync(join(lib, f), "utf8")
          .replace(/^#!.*\n/, "")
          .startsWith("//"),
    ),
  ).toEqual([]);
});

function wrongWay(from: string, to: string): boolean {
  // tensor stands on check and dtype; kernels and measure may use it.
  if (partOf(to) === "tensor") return rankOf(from) < order.findIndex((names) => names.includes("kernels"));
  return (
    rankOf(to) < 0 ||
    rankOf(to) > rankOf(from) ||
    (rankOf(to) === rankOf(from) && partOf(to) !== partOf(from) && !sameRankAllowed(from, to))
  );
}

/** roofline -> devices -> predict are one rank in the house's list, in this order. */
function sameRankAllowed(from: string, to: string): boolean {
  const steps = ["roofline", "devices", "predict"];
  const a = steps.indexOf(partOf(from));
  const b = steps.indexOf(partOf(to));
  if (rankOf(from) === 0) return true; // names, units and checks are one floor
  if (partOf(from) === "import" && partOf(to) === "models") return true; // a user's file becomes one of our models
  return a >= 0 && b >= 0 && b < a;
}
