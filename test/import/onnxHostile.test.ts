// Files that do not hold together: each ends in one line that names an offset or a field, in bounded time and memory.
import { describe, expect, it } from "vitest";
import { fromOnnx } from "../../lib/import/onnx.js";
import { encoderOnnx } from "./support/encoder.js";
import { encode, graph, node, onnxFile, tensor, valueInfo, type Message } from "./support/proto.js";

const refused = (bytes: Uint8Array, options: Parameters<typeof fromOnnx>[1] = {}): string => {
  let error: unknown;
  try {
    fromOnnx(bytes, options);
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(RangeError);
  const { message } = error as RangeError;
  expect(message).toMatch(/^fromOnnx: [^\n]{1,400}$/);
  return message;
};
const relu = [node("Relu", ["x"], ["y"])];
const x = valueInfo("x", [2, 3]);
const withTensor = (t: Message): Uint8Array =>
  onnxFile({ nodes: [node("MatMul", ["x", "w"], ["y"])], inputs: [x], initialisers: [t] });

describe("fromOnnx(a hostile file)", () => {
  it("refuses a file cut at every 64th byte", () => {
    const file = encoderOnnx({ hidden: 16, heads: 2, intermediate: 32, vocab: 20 });
    expect(fromOnnx(file, { tokens: 4 }).uncounted).toEqual([]);
    for (let at = 0; at < file.length; at += 64)
      expect(refused(file.subarray(0, at), { tokens: 4 })).toMatch(/offset|bytes|field/);
  });

  it("refuses or reports a file with every 64th byte overwritten, one at a time, never anything else", () => {
    const file = encoderOnnx({ hidden: 16, heads: 2, intermediate: 32, vocab: 20 });
    for (const byte of [0x00, 0x7f, 0xff])
      for (let at = 0; at < file.length; at += 64) {
        const damaged = file.slice();
        damaged[at] = byte;
        try {
          const m = fromOnnx(damaged, { tokens: 4 });
          for (const { why } of m.uncounted) expect(why).toMatch(/^[^\n]{1,400}$/);
          // A damaged dimension may ask for more, but never for what no double holds.
          for (const { op } of m.nodes) expect(op.macs).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect((error as Error).message).toMatch(/^fromOnnx: [^\n]{1,400}$/);
        }
      }
  });

  const len = (n: bigint): number[] => {
    const out: number[] = [];
    for (let v = n; ; v >>= 7n) {
      if (v < 128n) {
        out.push(Number(v));
        return out;
      }
      out.push(Number(v & 127n) | 128);
    }
  };
  it.each([
    ["nothing", new Uint8Array(), "model must have a graph (field 7), got none in 0 bytes"],
    [
      "a graph that is longer than the file",
      Uint8Array.of(0x3a, ...len(1000n), 1, 2),
      "field 7 of model must end within its 2 bytes, got a length of 1000 at offset 3",
    ],
    [
      "a length of 2^32 - 1",
      Uint8Array.of(0x3a, ...len(2n ** 32n - 1n), 1, 2),
      "field 7 of model must end within its 2 bytes, got a length of 4294967295",
    ],
    ["a length of 2^63", Uint8Array.of(0x3a, ...len(2n ** 63n), 1, 2), "at offset"],
    ["a varint that never ends", Uint8Array.of(0x08, ...new Array<number>(20).fill(0xff)), "model must be protobuf"],
    ["an illegal tag", Uint8Array.of(0x07, 1, 2, 3), "model must be protobuf"],
    ["a field of another wire type", encode([[7, 5]]), "field 7 of model must have wire type 2, got 0 at offset 0"],
    ["groups a hundred thousand deep", new Uint8Array(1e5).fill(0x0b | 0x60), "model must be protobuf"],
    [
      "a name that is no UTF-8",
      onnxFile({
        nodes: [
          [
            [1, "x"],
            [2, "y"],
            [3, Uint8Array.of(0x61, 0xff)],
            [4, "Relu"],
          ],
        ],
        inputs: [x],
      }),
      "must be UTF-8, got another byte at offset",
    ],
    [
      "an initialiser that claims 1e9 elements",
      withTensor(tensor("w", [1e9], { raw: new Uint8Array(4) })),
      'initialiser "w" must hold 4000000000 bytes of raw_data, got 4',
    ],
    [
      "an initialiser without data",
      withTensor([
        [1, 1e9],
        [2, 1],
        [8, "w"],
      ]),
      'initialiser "w" must hold 1000000000 numbers, got 0',
    ],
    [
      "sizes whose product is beyond 2^53",
      withTensor(tensor("w", [2 ** 40, 2 ** 40], { raw: new Uint8Array(4) })),
      'dims of initialiser "w" must be non-negative integers of an exact product',
    ],
    [
      "a negative size",
      withTensor(tensor("w", [-3], { raw: new Uint8Array(4) })),
      'dims of initialiser "w" must be non-negative',
    ],
    [
      "a rank of a thousand",
      withTensor(tensor("w", new Array<number>(1000).fill(1), { raw: new Uint8Array(4) })),
      'dims of initialiser "w"',
    ],
    [
      "an unknown element type",
      withTensor(tensor("w", [1], { type: 77 })),
      'data_type of initialiser "w" must be one of 1, 2,',
    ],
    [
      "a constant that claims 1e9 elements",
      onnxFile({
        nodes: [node("Constant", [], ["c"], { value: { tensor: tensor("", [1e9], { raw: new Uint8Array(4) }) } })],
        inputs: [x],
      }),
      'constant "c" must hold 4000000000 bytes',
    ],
    [
      "a file without opset",
      encode([
        [1, 8],
        [7, graph({ nodes: relu, inputs: [x] })],
      ]),
      "model must have an opset_import (field 8)",
    ],
    [
      "an input of more than 2^53 elements",
      onnxFile({ nodes: relu, inputs: [valueInfo("x", [2 ** 40, 2 ** 40])] }),
      'input "x" cannot be, a tensor must hold at most 2^53 - 1 elements',
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(refused(bytes)).toContain(message);
  });

  it("refuses subgraphs a thousand deep", () => {
    let body: Message = graph({ nodes: relu, inputs: [] });
    for (let depth = 0; depth < 1000; depth++)
      body = [[1, encode(node("If", ["c"], ["y"], { then_branch: { graph: [...body] } }))]];
    expect(
      refused(
        encode([
          [1, 8],
          [7, body],
          [
            8,
            [
              [1, ""],
              [2, 17],
            ],
          ],
        ]),
      ),
    ).toContain("messages must nest at most 64 deep");
  });

  it("refuses functions that call themselves, and ones that double without end", () => {
    const call = (name: string, to: string, times: number): Message => [
      [1, name],
      [4, "a"],
      [5, "b"],
      ...Array.from({ length: times }, (_, i): readonly [number, Message] => [
        7,
        node(to, ["a"], [`t${i}`], { domain: "f" }),
      ]),
      [10, "f"],
    ];
    const file = (functions: Message[]): Uint8Array =>
      onnxFile({ nodes: [node("F0", ["x"], ["y"], { domain: "f" })], inputs: [x] }, { functions, domain: "f" });
    expect(refused(file([call("F0", "F0", 1)]))).toContain("functions must call each other at most 32 deep");
    expect(refused(file(Array.from({ length: 30 }, (_, i) => call(`F${i}`, `F${i + 1}`, 2))))).toContain(
      "functions and branches must expand to at most 100000 nodes",
    );
  });

  it("reports claims of 1e9 elements on the way without making them", () => {
    const shape = (data: number[]): Message => tensor("s", [data.length], { data });
    const after = (n: Message, data: number[]) =>
      fromOnnx(onnxFile({ nodes: [n, node("Relu", ["h"], ["y"])], inputs: [x], initialisers: [shape(data)] }));
    expect(after(node("ConstantOfShape", ["s"], ["h"]), [1e9]).nodes[0]!.op.outputs[0]!.shape).toEqual([1e9]);
    expect(after(node("ConstantOfShape", ["s"], ["h"]), [1e9, 1e9]).uncounted[0]!.why).toContain(
      "a tensor must hold at most 2^53 - 1 elements",
    );
    expect(after(node("Expand", ["x", "s"], ["h"]), [1e9, 2, 3]).nodes.at(-1)!.op.extras).toEqual({ activation: 6e9 });
    expect(
      after(
        node("Unsqueeze", ["x", "s"], ["h"]),
        Array.from({ length: 100 }, (_, i) => i),
      ).uncounted[0]!.why,
    ).toContain("rank must be at most 64, got 102");
    expect(after(node("Reshape", ["x", "s"], ["h"]), [7]).uncounted[0]!.why).toContain(
      "shape must hold 6 elements, got [7]",
    );
    expect(after(node("Transpose", ["x"], ["h"], { perm: [0, 0] }), [1]).uncounted[0]!.why).toContain(
      "perm must order 2 dimensions",
    );
  });

  it("keeps names with markup, and those of an object's own methods, as text", () => {
    const m = fromOnnx(
      onnxFile({
        nodes: [
          node("Relu", ["__proto__"], ["constructor"], { name: "<img src=x onerror=alert(1)>" }),
          node("toString", ["constructor"], ["y"]),
        ],
        inputs: [valueInfo("__proto__", [2])],
      }),
    );
    expect(m.nodes.map(({ path }) => path)).toEqual(["<img src=x onerror=alert(1)>"]);
    expect(m.uncounted).toEqual([{ path: "toString.2", opType: "toString", why: 'no rule for op type "toString"' }]);
  });

  it("takes time in proportion to the nodes: 20,000 in one chain", () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => node("Relu", [`v${i}`], [`v${i + 1}`]));
    expect(fromOnnx(onnxFile({ nodes, inputs: [valueInfo("v0", [3])] })).nodes.length).toBe(20_000);
  });

  it.each([
    [null, TypeError],
    ["model.onnx", TypeError],
    [{}, TypeError],
  ])("refuses %j, which is no bytes", (value, kind) => {
    expect(() => fromOnnx(value as never)).toThrow(kind);
  });
  it.each([[{ batch: 0 }], [{ batch: 1.5 }], [{ dims: { n: -1 } }], [{ tokens: Infinity }]])(
    "refuses the option %j",
    (options) => {
      expect(() => fromOnnx(onnxFile({ nodes: relu, inputs: [x] }), options)).toThrow(RangeError);
    },
  );
});
