import { describe, expect, it } from "vitest";
import { fused } from "../../lib/comparing/index.js";
import { model } from "../../lib/models/index.js";
import { liveBytes, peakActivationBytes, type InPlace } from "../../lib/serving/index.js";

const peak = (name: string, inPlace: readonly InPlace[] = []): number =>
  Math.max(...liveBytes(model(name, { dtype: "int8" }), { inPlace }).map(({ bytes }) => bytes));
const plane = 112 * 112;

describe("liveBytes(model, { inPlace })", () => {
  it("has a row for each op, whose largest is peakActivationBytes", () => {
    const net = model("mobilenet_v2", { dtype: "int8" });
    const rows = liveBytes(net);
    expect(rows.map(({ path }) => path)).toEqual(net.nodes.map(({ path }) => path));
    expect(Math.max(...rows.map(({ bytes }) => bytes))).toBe(peakActivationBytes(net));
  });
  it("MobileNetV2 in int8: 2,352 KiB op by op, 1,470 in place, 1,372 with depthwise in place, as MCUNet has it", () => {
    expect(peak("mobilenet_v2")).toBe(2 * 96 * plane); // a norm's input and output
    expect(peak("mobilenet_v2", ["elementwise"])).toBe((96 + 96 / 4) * plane); // the first depthwise convolution
    expect(peak("mobilenet_v2", ["elementwise", "depthwise"])).toBe((16 + 96) * plane); // the expansion before it
    expect(peak("mobilenet_v2", ["elementwise", "depthwise"]) / 1024).toBe(1372);
  });
  it("in place needs what a fused model needs", () => {
    for (const name of ["mobilenet_v2", "resnet50", "resnet18"])
      expect(peak(name, ["elementwise"])).toBe(peakActivationBytes(fused(model(name, { dtype: "int8" }))));
  });
  it("writes over no tensor that is read again, or that is smaller", () => {
    // ResNet's sum reads the stream that its block began with; its first operand dies there.
    const rows = liveBytes(model("resnet18", { dtype: "int8" }), { inPlace: ["elementwise"] });
    const at = (path: string) => rows.find((row) => row.path === path)!.bytes;
    expect(at("layer1.0/conv1")).toBe(2 * 64 * 56 * 56);
    expect(at("layer1.0/conv2")).toBe(3 * 64 * 56 * 56);
    expect(at("layer1.0/add")).toBe(2 * 64 * 56 * 56);
  });
  it("refuses training, and other words", () => {
    expect(() => liveBytes(model("gpt2", { phase: "train" }))).toThrow(/^liveBytes: phase must be prefill or decode/);
    expect(() => liveBytes(model("resnet18"), { inPlace: ["conv" as never] })).toThrow(
      'liveBytes: inPlace must list "elementwise" or "depthwise", got "conv"',
    );
  });
});
