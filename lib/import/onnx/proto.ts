// The messages of onnx.proto that counting needs, as plain records. Weights stay where they are: a tensor keeps a view
// of its bytes. Field numbers: onnx/onnx.proto (github.com/onnx/onnx).
import { shown } from "../../check.js";
import { eachField, who, type Field, type Slice } from "./wire.js";

export interface Tensor {
  name: string;
  dims: number[];
  type: number;
  raw?: Slice;
  /** int32_data, int64_data, uint64_data */ integers?: Slice[];
  floats?: Slice[];
  doubles?: Slice[];
  external: boolean;
  strings: number;
}
interface Attribute {
  name: string;
  i?: number;
  f?: number;
  s?: Slice;
  ref?: string;
  t?: Tensor;
  g?: Graph;
  ints: number[];
  floats: number[];
  strings: string[];
  graphs: Graph[];
}
export interface OnnxNode {
  name: string;
  opType: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Map<string, Attribute>;
}
/** `dims`: a size, the name of a symbolic one, or undefined. A sequence has the type of its `element`. */
export interface TypeInfo {
  type?: number;
  dims?: (number | string | undefined)[];
  element?: TypeInfo;
}
interface ValueInfo extends TypeInfo {
  name: string;
}
export interface Graph {
  name: string;
  nodes: OnnxNode[];
  initialisers: Tensor[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  values: ValueInfo[];
}
interface OnnxFunction {
  name: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  nodes: OnnxNode[];
}
export interface OnnxFile {
  irVersion: number;
  producer: string;
  graph: Graph;
  opsets: Map<string, number>;
  functions: OnnxFunction[];
}

/** Reads a ModelProto. Throws a RangeError that names the field and the offset where it does not hold together. */
export function readModel(bytes: Uint8Array): OnnxFile {
  const file = { irVersion: 0, producer: "", opsets: new Map<string, number>(), functions: [] as OnnxFunction[] };
  let graph: Graph | undefined;
  eachField({ bytes, offset: 0 }, "model", (f) => {
    if (f.number === 1) file.irVersion = f.integer();
    else if (f.number === 2) file.producer = f.text();
    else if (f.number === 7) graph = readGraph(f);
    else if (f.number === 8) {
      let domain = "";
      let version = 0;
      f.message((g) => {
        if (g.number === 1) domain = g.text();
        else if (g.number === 2) version = g.integer();
      });
      file.opsets.set(domain === "ai.onnx" ? "" : domain, version);
    } else if (f.number === 25) file.functions.push(readFunction(f));
  });
  if (!graph) throw new RangeError(`${who}: model must have a graph (field 7), got none in ${bytes.length} bytes`);
  if (file.opsets.size === 0)
    throw new RangeError(`${who}: model must have an opset_import (field 8), got none in ${bytes.length} bytes`);
  return { ...file, graph };
}

function readGraph(f: Field): Graph {
  const g: Graph = { name: "", nodes: [], initialisers: [], inputs: [], outputs: [], values: [] };
  f.message((p) => {
    if (p.number === 1) g.nodes.push(readNode(p));
    else if (p.number === 2) g.name = p.text();
    else if (p.number === 5) g.initialisers.push(readTensor(p));
    else if (p.number === 11) g.inputs.push(readValueInfo(p));
    else if (p.number === 12) g.outputs.push(readValueInfo(p));
    else if (p.number === 13) g.values.push(readValueInfo(p));
    else if (p.number === 15)
      throw new RangeError(`${who}: initialisers must be dense, got a sparse_initializer in graph ${shown(g.name)}`);
  });
  return g;
}

function readFunction(f: Field): OnnxFunction {
  const fn: OnnxFunction = { name: "", domain: "", inputs: [], outputs: [], nodes: [] };
  f.message((p) => {
    if (p.number === 1) fn.name = p.text();
    else if (p.number === 4) fn.inputs.push(p.text());
    else if (p.number === 5) fn.outputs.push(p.text());
    else if (p.number === 7) fn.nodes.push(readNode(p));
    else if (p.number === 10) fn.domain = p.text();
  });
  return fn;
}

function readNode(f: Field): OnnxNode {
  const n: OnnxNode = { name: "", opType: "", domain: "", inputs: [], outputs: [], attributes: new Map() };
  f.message((p) => {
    if (p.number === 1) n.inputs.push(p.text());
    else if (p.number === 2) n.outputs.push(p.text());
    else if (p.number === 3) n.name = p.text();
    else if (p.number === 4) n.opType = p.text();
    else if (p.number === 5) {
      const a = readAttribute(p);
      n.attributes.set(a.name, a);
    } else if (p.number === 7) {
      const d = p.text();
      n.domain = d === "ai.onnx" ? "" : d;
    }
  });
  return n;
}

function readAttribute(f: Field): Attribute {
  const a: Attribute = { name: "", ints: [], floats: [], strings: [], graphs: [] };
  f.message((p) => {
    if (p.number === 1) a.name = p.text();
    else if (p.number === 2) a.f = p.float();
    else if (p.number === 3) a.i = p.integer();
    else if (p.number === 4) a.s = p.slice();
    else if (p.number === 5) a.t = readTensor(p);
    else if (p.number === 6) {
      a.g = readGraph(p);
      a.graphs.push(a.g);
    } else if (p.number === 7) p.floats(a.floats);
    else if (p.number === 8) p.integers(a.ints);
    else if (p.number === 9) a.strings.push(p.text());
    else if (p.number === 11) a.graphs.push(readGraph(p));
    else if (p.number === 21) a.ref = p.text();
  });
  return a;
}

function readTensor(f: Field): Tensor {
  const t: Tensor = { name: "", dims: [], type: 0, external: false, strings: 0 };
  const packed = (p: Field, key: "integers" | "floats" | "doubles"): void => {
    t[key] ??= [];
    t[key].push(p.slice());
  };
  f.message((p) => {
    if (p.number === 1) p.integers(t.dims);
    else if (p.number === 2) t.type = p.integer();
    else if (p.number === 4) packed(p, "floats");
    else if (p.number === 5 || p.number === 7 || p.number === 11) packed(p, "integers");
    else if (p.number === 6) {
      p.slice();
      t.strings++;
    } else if (p.number === 8) t.name = p.text();
    else if (p.number === 9) t.raw = p.slice();
    else if (p.number === 10) packed(p, "doubles");
    else if (p.number === 14) t.external = p.integer() === 1;
  });
  return t;
}

function readValueInfo(f: Field): ValueInfo {
  const v: ValueInfo = { name: "" };
  f.message((p) => {
    if (p.number === 1) v.name = p.text();
    else if (p.number === 2) readType(p, v);
  });
  return v;
}

/** A tensor's type, that of a sequence, or of what an optional holds. */
function readType(f: Field, into: TypeInfo): void {
  f.message((type) => {
    if (type.number === 1) readTensorType(type, into);
    else if (type.number === 4)
      type.message((sequence) => {
        into.element ??= {};
        if (sequence.number === 1) readType(sequence, into.element);
      });
    else if (type.number === 9)
      type.message((optional) => {
        if (optional.number === 1) readType(optional, into);
      });
  });
}

function readTensorType(f: Field, into: TypeInfo): void {
  f.message((tensor) => {
    if (tensor.number === 1) into.type = tensor.integer();
    else if (tensor.number === 2) {
      const dims: (number | string | undefined)[] = [];
      tensor.message((shape) => {
        if (shape.number !== 1) return;
        let dim: number | string | undefined;
        shape.message((d) => {
          if (d.number === 1) dim = d.integer();
          else if (d.number === 2) dim = d.text();
        });
        dims.push(dim);
      });
      into.dims = dims;
    }
  });
}
