// Sequences of tensors and optional values: none of their nodes computes, but they must not lose what is in them.
import { shown } from "../../../check.js";
import { axisOf, type Context, type Found, type Rule } from "../context.js";
import { elementTypes } from "../elementTypes.js";
import { sameSizes, Uncountable, valueOf, type Value } from "../value.js";
import { copyOp } from "./viewOrCopy.js";

const unknownCount = "how many tensors the sequence holds is not in the file";

const listOf = (items: readonly Value[], element: Value = items[0] ?? {}): Found => ({ outputs: [{ items, element }] });

function itemsOf(c: Context): readonly Value[] | undefined {
  const list = c.inputs[0];
  if (!list || (!list.items && !list.element)) throw new Uncountable("input 0 must be a sequence, got another value");
  return list.items;
}

/** The place that input i names, from 0 on; undefined where it is not known. */
function place(c: Context, i: number, count: number, otherwise: number): number | undefined {
  if (!c.has(i)) return otherwise;
  const at = c.data(i)?.[0];
  return at === undefined ? undefined : axisOf(at, count + (c.node.opType === "SequenceInsert" ? 1 : 0));
}

const alike = (items: readonly Value[]): boolean => items.every((v) => sameSizes(v.shape, items[0]?.shape));

const insert: Rule = (c) => {
  const items = itemsOf(c);
  const added = c.inputs[1] ?? {};
  if (!items) return { outputs: [{ element: c.inputs[0]!.element ?? {} }] };
  const at = place(c, 2, items.length, items.length);
  if (at === undefined && !alike([...items, added])) return { outputs: [{ element: {} }] };
  const where = at ?? items.length;
  return listOf([...items.slice(0, where), added, ...items.slice(where)]);
};

const erase: Rule = (c) => {
  const items = itemsOf(c);
  if (!items) return { outputs: [{ element: c.inputs[0]!.element ?? {} }] };
  const at = place(c, 1, items.length, items.length - 1);
  if (at === undefined && !alike(items)) return { outputs: [{ element: {} }] };
  return listOf(items.filter((_, i) => i !== (at ?? items.length - 1)));
};

const at: Rule = (c) => {
  const items = itemsOf(c);
  const i = items && place(c, 1, items.length, 0);
  if (items && i !== undefined) return { outputs: [items[i]] };
  if (items && alike(items)) return { outputs: [valueOf(items[0]?.shape, items[0]?.dtype)] };
  const declared = c.declared(0);
  return {
    outputs: [declared?.shape ? declared : c.inputs[0]!.element],
    why: "which tensor of the sequence is taken is not in the file",
  };
};

const length: Rule = (c) => {
  const items = itemsOf(c);
  return { outputs: [valueOf([], "int64", items && [items.length])] };
};

const joined: Rule = (c) => {
  const items = itemsOf(c);
  const dtype = c.inputs[0]!.element?.dtype ?? "fp32";
  const declared = c.declared(0)?.shape;
  const first = items?.[0]?.shape;
  if (!items || !first || items.some((v) => v.shape === undefined)) {
    return { outputs: [declared ? valueOf(declared, dtype) : { dtype }], why: unknownCount };
  }
  const fresh = c.int("new_axis", 0) === 1;
  const axis = axisOf(c.int("axis", 0), first.length, fresh ? 1 : 0);
  const out = [...first];
  if (fresh) out.splice(axis, 0, items.length);
  else out[axis] = items.reduce((n, v) => n + v.shape![axis]!, 0);
  const y = { name: c.node.outputs[0]!, shape: out, dtype };
  const read = items.map((v, i) => ({ name: `${c.node.inputs[0]}[${i}]`, shape: v.shape!, dtype }));
  return {
    outputs: [valueOf(out, dtype)],
    ownTensors: true,
    ops: [{ op: { ...copyOp(c), inputs: read, outputs: [y] } }],
  };
};

/** A list of more is not followed. */
const maxItems = 16_384;

const split: Rule = (c) => {
  const shape = c.shape(0);
  const axis = axisOf(c.int("axis", 0), shape.length);
  const size = shape[axis]!;
  const given = c.has(1) ? c.data(1) : [1];
  const open = valueOf(undefined, c.dtype());
  if (!given) return { outputs: [{ element: open }] };
  const each = given[0] ?? 0;
  const byEach = !c.has(1) || c.shape(1).length === 0;
  if (byEach && (each < 1 || size / each > maxItems))
    throw new Uncountable(`pieces must be of at least 1 and at most ${maxItems}, got pieces of ${each} of ${size}`);
  const total = given.reduce((a, b) => a + b, 0);
  if (!byEach && (total !== size || given.some((n) => n < 0)))
    throw new Uncountable(`pieces must be the ${size} of the split dimension together, got ${shown(given)}`);
  const chunks = (): number[] =>
    Array.from({ length: Math.ceil(size / each) }, (_, i) => Math.min(each, size - i * each));
  const sizes = byEach ? chunks() : given;
  const dropped = !c.has(1) && c.int("keepdims", 1) === 0;
  const parts = sizes.map((n) =>
    valueOf(
      shape.flatMap((d, i) => {
        if (i !== axis) return [d];
        return dropped ? [] : [n];
      }),
      c.dtype(),
    ),
  );
  const written = parts.map((v, i) => ({ name: `${c.node.outputs[0]}[${i}]`, shape: v.shape!, dtype: c.dtype() }));
  const x = { name: c.node.inputs[0]!, shape, dtype: c.dtype() };
  return {
    ...listOf(parts, open),
    ownTensors: true,
    ops: [{ op: { ...copyOp(c), inputs: [x], outputs: written } }],
  };
};

const empty: Rule = (c) => listOf([], valueOf(undefined, elementTypes.get(c.int("dtype", 1))?.dtype));

const optional: Rule = (c) => ({ outputs: [c.has(0) ? c.inputs[0] : { absent: true }] });
const hasElement: Rule = (c) => {
  const v = c.inputs[0];
  const known = !c.has(0) || v?.absent ? [0] : (v?.items ?? v?.data) && [1];
  return { outputs: [valueOf([], "bool", known)] };
};
const getElement: Rule = (c) => {
  if (c.inputs[0]?.absent) throw new Uncountable("the optional must hold a value, got none");
  return { outputs: [c.inputs[0]] };
};

export const lists: Readonly<Record<string, Rule>> = {
  SequenceConstruct: (c) => listOf(c.inputs.map((v) => v ?? {})),
  SequenceEmpty: empty,
  SequenceInsert: insert,
  SequenceErase: erase,
  SequenceAt: at,
  SequenceLength: length,
  ConcatFromSequence: joined,
  SplitToSequence: split,
  Optional: optional,
  OptionalHasElement: hasElement,
  OptionalGetElement: getElement,
};
