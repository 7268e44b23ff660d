// YOLO by its names, against what Ultralytics says of it (scripts/oracle/yolo.py).
import { describe, expect, it } from "vitest";
import { model, modelCost } from "../../lib/index.js";
import { yolos } from "../../lib/models/yolo/index.js";
import golden from "../golden/yolo.json" with { type: "json" };

describe("model(name) counts as Ultralytics", () => {
  it.each(golden.rows)("$name at $size", ({ name, size, params, macs }) => {
    const counted = modelCost(model(name, { imageSize: size as [number, number] }));
    expect([counted.params, counted.macs]).toEqual([params, macs]);
  });

  it("every name has a row at the size that it takes by itself", () => {
    for (const name of Object.keys(yolos)) {
      const row = golden.rows.find((each) => each.name === name && each.size[0] === each.size[1]);
      expect([name, modelCost(model(name)).macs]).toEqual([name, row?.macs]);
    }
  });

  // github.com/ultralytics/yolov5, the model summaries of its training logs.
  it.each([
    ["yolov5n", 1872157],
    ["yolov5s", 7235389],
    ["yolov5m", 21190557],
    ["yolov5l", 46563709],
    ["yolov5x", 86749405],
  ])("the first %s has %i parameters", (name, params) => expect(modelCost(model(name)).params).toBe(params));

  it("batches, trains, and refuses sides that 32 does not divide", () => {
    const [one, two] = [1, 2].map((batch) => modelCost(model("yolo11n", { batch })));
    expect([two!.params, two!.macs]).toEqual([one!.params, 2 * one!.macs]);
    expect(modelCost(model("yolov8n", { phase: "train", imageSize: 64 })).macs).toBeGreaterThan(
      2 * modelCost(model("yolov8n", { imageSize: 64 })).macs,
    );
    expect(() => model("yolo11n", { imageSize: 650 })).toThrow("yolo11n: imageSize must be a multiple of 32, got 650");
  });
});
