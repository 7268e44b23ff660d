// A large ONNX file is counted from what is read of it as from all of it.
import { expect, it } from "vitest";
import { fromOnnx } from "../../../lib/import/onnx.js";
import { skimmed } from "../../../lib/import/onnx/skim.js";
import { node, onnxFile, tensor, valueInfo } from "../support/proto.js";

const mebi = 2 ** 20;
const random = (n: number): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: n }, (_, i) => Math.sin(i * i)).buffer);
/** 0 on and below the diagonal, -1e9 above it. */
const mask = (n: number): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: n * n }, (_, i) => (i % n > i / n ? -1e9 : 0)).buffer);
const rotary = (rows: number, width: number): Uint8Array =>
  new Uint8Array(
    Float32Array.from({ length: rows * width }, (_, i) => Math.cos(Math.floor(i / width) / (1 + (i % width)))).buffer,
  );

const file = onnxFile({
  nodes: [
    node("MatMul", ["x", "w"], ["y"], { name: "product" }),
    node("Add", ["y", "mask"], ["z"], { name: "masked" }),
    node("Mul", ["z", "cos"], ["out"], { name: "turned" }),
  ],
  inputs: [valueInfo("x", [1024, 2048])],
  outputs: [valueInfo("out", [])],
  initialisers: [
    tensor("w", [2048, 1024], { raw: random(2 * mebi) }),
    tensor("mask", [1024, 1024], { raw: mask(1024) }),
    tensor("cos", [1024, 1024], { raw: rotary(1024, 1024) }),
  ],
});

const counted = (bytes: Uint8Array) => JSON.parse(JSON.stringify(fromOnnx(bytes))) as unknown;

function reader(bytes: Uint8Array) {
  const asked = { bytes: 0 };
  const read = async (offset: number, length: number) => {
    const part = bytes.subarray(offset, offset + length);
    asked.bytes += part.length;
    return part;
  };
  return { asked, source: { name: "m.onnx", size: bytes.length, read } };
}

it("of weights only beginnings are read, of what could be computed all", async () => {
  const { source, asked } = reader(file);
  const bytes = await skimmed(source, { from: 0, keep: 2 ** 16 });
  expect(counted(bytes)).toEqual(counted(file));
  // w is 8 MiB of 16; what is read at once goes a little beyond its beginning.
  expect(asked.bytes).toBeLessThan(file.length - 7 * mebi);
  expect(fromOnnx(bytes).initialisers).toEqual(fromOnnx(file).initialisers);
});

it("a small file is read whole, and so is one that does not add up", async () => {
  const small = reader(file);
  expect(Buffer.compare(await skimmed(small.source), file)).toBe(0);
  for (const broken of [file.subarray(0, 5 * mebi), file.subarray(7), Uint8Array.of(0x3a, 0xff), new Uint8Array(0)])
    expect(Buffer.compare(await skimmed(reader(broken).source, { from: 0, keep: 2 ** 16 }), broken)).toBe(0);
});
