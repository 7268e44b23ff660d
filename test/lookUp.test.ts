import { describe, expect, it } from "vitest";
import { device } from "../lib/index.js";
import { nameFinder, plainName } from "../lib/lookUp.js";

describe("nameFinder(names, aliases)", () => {
  const find = nameFinder(["regnet_y_1_6gf", "regnet_y_16gf", "a100-80-sxm", "v1.5"], { "Reg Net": "regnet_y_16gf" });

  it.each([
    ["RegNetY-1.6GF", "regnet_y_1_6gf"],
    ["regnet-y-16gf", "regnet_y_16gf"],
    ["A100 80 SXM", "a100-80-sxm"],
    ["a10080sxm", "a100-80-sxm"],
    ["V1_5", "v1.5"],
    ["v15", "v1.5"],
    ["REGNET", "regnet_y_16gf"],
  ])("%s is %s", (asked, name) => expect(find(asked)).toBe(name));

  it("finds nothing for what is no name", () => {
    for (const asked of ["", "regnet_y", "toString", undefined, null, 3, ["v15"]]) expect(find(asked)).toBeUndefined();
  });

  it("keeps the one with fewer separators where two are alike without any", () =>
    expect(nameFinder(["y_1_6", "y_16"])("y16")).toBe("y_16"));
});

it("plainName drops case and every separator", () =>
  expect(plainName("Qwen3-Moe_ For.Causal/LM")).toBe("qwen3moeforcausallm"));

it("device() ignores case, separators and dots", () => expect(device("H100 SXM").id).toBe("h100-sxm"));
