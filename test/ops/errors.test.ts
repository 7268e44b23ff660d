// Every layer refuses wrong sizes, keys and types by name: which keys there are, and what each must not take, is read
// from the layers' own descriptions.
import { describe, expect, it } from "vitest";
import * as lib from "../../lib/index.js";
import { layerNames, layersByName, type ShapeKey } from "../../lib/index.js";
import { thrown } from "./thrown.js";

describe.each(layerNames)("%s refuses", (name) => {
  const layer = layersByName[name];
  const keys = Object.entries<ShapeKey>(layer.shapeKeys);
  const expectRefusal = (change: Record<string, unknown>) => {
    const error = thrown(() => layer({ ...layer.example, ...change }));
    const what = `${Object.keys(change).join()} ${String(Object.values(change)[0])}: ${error.message}`;
    expect(error instanceof RangeError || error instanceof TypeError, what).toBe(true);
    expect(error.message).toMatch(new RegExp(`^${name}: [^\\n]* must [^\\n]*, got [^\\n]+$`));
    expect(error.message.length).toBeLessThan(400);
    return error.message;
  };

  it("nothing of its own example, and is what the library exports under its name", () => {
    const op = layer(layer.example);
    expect(op.kind).toBe(layer.kind);
    expect(op.outputs[0]!.shape.length).toBeGreaterThan(0);
    expect((lib as unknown as Record<string, unknown>)[name]).toBe(layer);
  });

  it.each(keys)("what %s does not take, by its name", (key, { refused, takes, required }) => {
    expect(takes).toMatch(/\w/);
    expect(refused.length).toBeGreaterThan(1);
    for (const bad of refused) expect(expectRefusal({ [key]: bad })).toMatch(/must .*, got /);
    if (required) expectRefusal({ [key]: undefined });
  });

  it("a misspelt key, an unknown dtype, a wrong group size, and no shape at all", () => {
    expect(expectRefusal({ outFeaturez: 3 })).toContain('got "outFeaturez"');
    for (const key of ["dtype", "weightDtype", "kvDtype", "scaleDtype"]) expectRefusal({ [key]: "float33" });
    for (const bad of [0, -1, 1.5, "128"]) expect(expectRefusal({ groupSize: bad })).toContain("groupSize");
    for (const bad of [undefined, null, 5, ...(name === "einsum" ? [] : ["conv"]), [1, 2]])
      expect(thrown(() => layer(bad as never)).message).toMatch(new RegExp(`^${name}: shape must be an object, got `));
    expect(thrown(() => layer(layer.example, 5 as never)).message).toBe(`${name}: options must be an object, got 5`);
  });
});
