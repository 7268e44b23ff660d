// A model's ops as a checkpoint stores their weights: formats, scales, or a file's bytes. Parameters and arithmetic
// stay as they are.
import { shown } from "../check.js";
import { parseDType, type DType } from "../dtype.js";
import { elementCount, type Op, type TensorSpec } from "../op.js";
import { meansNothingHere, moduleTest, modulesOf } from "./moduleNames.js";
import type { Quantization, StoredBeside, StoredForm } from "./quantization.js";
import type { LayerNode } from "./training.js";

/** Nodes with their weights as stored; `unpriced`: why bytes are not known, where they are not. */
export interface Stored {
  readonly nodes: readonly LayerNode[];
  readonly unpriced?: string;
}

/** `nodes` as `q` stores them; `dtype` is the activations'. */
export function storedAs(nodes: readonly LayerNode[], q: Quantization, dtype: string): Stored {
  if (q.stored) return { nodes: nodes.map((node) => inFile(node, q)) };
  const forms = formsOf(nodes, q);
  const written = new Map<string, Op>();
  const ids = new Map<Op, number>();
  const stored = nodes.map((node) => {
    const path = node.sharedWeights ?? node.path;
    const own = node.op.weights.map((w) => forms.of(path, w));
    if (own.every((form) => form === undefined)) return node;
    // Ops that many paths share stay shared.
    if (!ids.has(node.op)) ids.set(node.op, ids.size);
    const key = `${ids.get(node.op)} ${own.map((form) => (form ? forms.list.indexOf(form) : "")).join()}`;
    const op = written.get(key) ?? withForms(node.op, own, { path, dtype: parseDType("quantization", dtype) });
    written.set(key, op);
    return { ...node, op };
  });
  const unpriced = q.unpriced ?? forms.unpriced();
  return { nodes: stored, ...(unpriced === undefined ? {} : { unpriced }) };
}

const unknownForm: StoredForm = { weightDtype: "unknown" };

function formsOf(nodes: readonly LayerNode[], q: Quantization) {
  const main: StoredForm = q.unpriced === undefined ? { weightDtype: q.weightDtype, beside: q.beside } : unknownForm;
  const layers = new Set(nodes.flatMap(({ path }) => /^layers\.\d+/.exec(path)?.[0] ?? [])).size;
  let unpriced: string | undefined;
  const rules = (q.rules ?? []).map(({ modules, form }) => ({
    form,
    tests: modules.map((pattern) => ({ pattern, test: moduleTest(pattern), used: false })),
  }));
  const known = new Map<string, StoredForm | undefined>();
  const ruled = (name: string): { form?: StoredForm } | undefined => {
    let found: { form?: StoredForm } | undefined;
    for (const rule of rules)
      for (const t of rule.tests) {
        if ((found !== undefined && t.used) || t.test?.(name) !== true) continue;
        t.used = true;
        found ??= rule;
      }
    return found;
  };
  const of = (path: string, w: TensorSpec): StoredForm | undefined => {
    const key = `${path}#${w.name}`;
    if (w.shape.length < 2 || w.stored === false || path === "embed_positions") return undefined;
    if (!known.has(key)) known.set(key, found(path, w));
    return known.get(key);
  };
  const found = (path: string, w: TensorSpec): StoredForm | undefined => {
    const given = modulesOf(path, w).map((name) => ruled(name));
    if (!isMeant(path, w)) return undefined;
    const forms = new Set(given.map((rule) => (rule === undefined ? main : rule.form)));
    if (forms.size === 1) return [...forms][0];
    unpriced ??= `quantization must store the gate and up projections of ${path} alike, got two forms`;
    return unknownForm;
  };
  const isMeant = (path: string, w: TensorSpec): boolean => {
    const last = path.slice(path.lastIndexOf("/") + 1);
    const part = w.name?.startsWith("router") ? "router" : last;
    if (["embed_tokens", "embed_tokens_per_layer", "lm_head", "router"].includes(part))
      return q.also?.includes(part) ?? false;
    return (
      last !== "shared_gate" &&
      last !== "weights_proj" &&
      !w.name?.startsWith("fn") &&
      (q.of !== "experts" || w.name?.startsWith("experts") === true)
    );
  };
  for (const node of nodes) for (const w of node.op.weights) of(node.sharedWeights ?? node.path, w);
  const unclear = rules
    .flatMap(({ tests }) => tests)
    .find((t) => t.test === undefined || (!t.used && !meansNothingHere(t.pattern, layers)));
  if (unclear && q.unpriced === undefined) {
    unpriced ??= `quantization must name modules of the model, got ${shown(unclear.pattern)}`;
    for (const [key, form] of known) if (form !== undefined) known.set(key, unknownForm);
  }
  const list = [...new Set([main, unknownForm, ...rules.flatMap(({ form }) => form ?? [])])];
  return { of, list, unpriced: () => unpriced };
}

/** Where an op stands, and what its activations are stored in. */
interface Place {
  readonly path: string;
  readonly dtype: DType;
}

function withForms(op: Op, forms: readonly (StoredForm | undefined)[], place: Place): Op {
  const weights = op.weights.flatMap((w, i): TensorSpec[] => {
    const form = forms[i];
    if (form === undefined) return [w];
    if (form === unknownForm) return [{ ...w, bytes: NaN }];
    const weight: TensorSpec = { ...w, dtype: parseDType("quantization", form.weightDtype) };
    const matrix = matrixOf(op, w, place.path);
    return [weight, ...(form.beside ?? []).flatMap((beside) => tensorBeside(w, matrix, beside, place.dtype))];
  });
  return { ...op, weights };
}

/** A weight as the matrices that a file has of it: experts apart, gate and up apart, heads together. */
interface Matrix {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** The second half of a matrix that a file has whole: what there is once of it stands by the first. */
  readonly second: boolean;
}

function matrixOf(op: Op, w: TensorSpec, path: string): Matrix {
  const columns = w.shape.at(-1)!;
  const all = elementCount(w.shape) / columns;
  const name = w.name ?? "";
  const experts = /^(experts|shared)\./.test(name) ? w.shape[0]! : 1;
  const count = experts * (name.endsWith(".up") && op.attributes?.["gated"] === true ? 2 : 1);
  return { count, rows: all / count, columns, second: path.endsWith("kv_b_proj.value") };
}

function tensorBeside(w: TensorSpec, matrix: Matrix, beside: StoredBeside, own: DType): TensorSpec[] {
  const { name, dtype, rows = 1, columns = 1, each } = beside;
  if (matrix.second && rows === Infinity) return [];
  const shape =
    each === undefined
      ? [matrix.count, blocks(matrix.rows, rows), blocks(matrix.columns, columns)]
      : [matrix.count, blocks(matrix.rows * matrix.columns, each)];
  const share = w.elements === undefined ? 1 : w.elements / elementCount(w.shape);
  return [
    {
      name: `${w.name}.${name}`,
      shape,
      dtype: dtype === undefined ? own : parseDType("quantization", dtype),
      stored: false,
      ...(share === 1 ? {} : { elements: Math.round(share * elementCount(shape)) }),
    },
  ];
}

const blocks = (n: number, size: number): number => Math.max(1, Math.ceil(n / size));

/** `node` with the bytes that the file has for its tensors. */
function inFile(node: LayerNode, { stored }: Quantization): LayerNode {
  const path = node.sharedWeights ?? node.path;
  const weights = node.op.weights.map((w): TensorSpec => {
    const found = stored![`${path}#${w.name}`];
    if (found === undefined) return w;
    const { dtype, bytes } = found;
    return { ...w, bytes, ...(dtype === undefined ? {} : { dtype: parseDType("quantization", dtype) }) };
  });
  return { ...node, op: { ...node.op, weights } };
}
