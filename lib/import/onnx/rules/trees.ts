// Ensembles of decision trees (ai.onnx.ml): comparisons and sums, no multiply-adds. A row takes one path through each
// tree, which the data chooses: the longest one is counted.
import { shown } from "../../../check.js";
import { elementwiseOp } from "./elementwise.js";
import type { Context, Rule } from "../context.js";
import { Uncountable, valueOf } from "../value.js";

/** What follows a node: places of nodes, or undefined where a leaf does. */
type Children = (at: number) => readonly (number | undefined)[];

/** Comparisons on the longest path from each of `roots`, together. */
function comparisons(roots: readonly number[], nodes: number, children: Children): number {
  const depths = new Map<number, number>();
  const open = new Set<number>();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const at = stack.at(-1)!;
    if (!Number.isInteger(at) || at < 0 || at >= nodes)
      throw new Uncountable(`nodes of a tree must be among its ${nodes}, got ${at}`);
    if (depths.has(at)) {
      stack.pop();
      continue;
    }
    const next = children(at).filter((child) => child !== undefined);
    const missing = next.filter((child) => !depths.has(child));
    if (missing.length === 0) {
      depths.set(at, Math.max(0, ...next.map((child) => depths.get(child)!)) + (children(at).length > 0 ? 1 : 0));
      open.delete(at);
      stack.pop();
      continue;
    }
    if (open.has(at)) throw new Uncountable(`a tree must not come back to a node, got node ${at} again`);
    open.add(at);
    stack.push(...missing);
  }
  return roots.reduce((n, root) => n + depths.get(root)!, 0);
}

function list(c: Context, name: string, length?: number): readonly number[] {
  const found = c.ints(name);
  if (!found) throw new Uncountable(`${name} must be a list of integers, got none`);
  if (length !== undefined && found.length !== length)
    throw new Uncountable(`${name} must have an entry for each of ${length} nodes, got ${found.length}`);
  return found;
}

interface Forest {
  readonly trees: number;
  readonly compares: number;
}

/** Nodes by the number of their tree and their own; leaves are nodes. */
function numbered(c: Context): Forest {
  const trees = list(c, "nodes_treeids");
  const n = trees.length;
  const [own, yes, no] = ["nodes_nodeids", "nodes_truenodeids", "nodes_falsenodeids"].map((name) => list(c, name, n));
  const modes = c.texts("nodes_modes") ?? [];
  if (modes.length !== n)
    throw new Uncountable(`nodes_modes must have an entry for each of ${n} nodes, got ${modes.length}`);
  const places = new Map(trees.map((tree, i) => [`${tree} ${own![i]}`, i]));
  const roots = new Map<number, number>();
  trees.forEach((tree, i) => roots.set(tree, roots.get(tree) ?? i));
  const at = (i: number, child: number): number => places.get(`${trees[i]} ${child}`) ?? -1;
  const children: Children = (i) => (modes[i] === "LEAF" ? [] : [at(i, yes![i]!), at(i, no![i]!)]);
  return { trees: roots.size, compares: comparisons([...roots.values()], n, children) };
}

/** Nodes by their place; leaves stand in a list of their own. */
function rooted(c: Context): Forest {
  const roots = list(c, "tree_roots");
  const yes = list(c, "nodes_truenodeids");
  const n = yes.length;
  const no = list(c, "nodes_falsenodeids", n);
  const [yesLeaf, noLeaf] = ["nodes_trueleafs", "nodes_falseleafs"].map((name) => list(c, name, n));
  const children: Children = (i) => [yesLeaf![i] === 1 ? undefined : yes[i], noLeaf![i] === 1 ? undefined : no[i]];
  return { trees: roots.length, compares: comparisons(roots, n, children) };
}

/** x [rows, features]: each row's leaves are added, `targets` numbers of each tree. */
const ensemble =
  (
    forest: (c: Context) => Forest,
    targetsOf: (c: Context) => number,
    labels?: (c: Context) => "int64" | undefined,
  ): Rule =>
  (c) => {
    const shape = c.shape(0);
    const rows = shape.length === 1 ? 1 : shape[0]!;
    if (shape.length < 1 || shape.length > 2)
      throw new Uncountable(`input 0 must be [rows, features], got ${shown(shape)}`);
    const targets = targetsOf(c);
    if (targets < 1) throw new Uncountable(`targets must be at least 1, got ${targets}`);
    const { trees, compares } = forest(c);
    const op = elementwiseOp("treeEnsemble", "compare", rows, compares);
    const sums = rows * trees * targets;
    const scores = valueOf([rows, targets], c.dtype() === "fp64" ? "fp64" : "fp32");
    return {
      outputs: labels ? [valueOf([rows], labels(c)), scores] : [scores],
      ops: [{ op: { ...op, extras: { ...op.extras, add: sums } } }],
    };
  };

const classes = (c: Context): number =>
  c.ints("classlabels_int64s")?.length ?? c.texts("classlabels_strings")?.length ?? 0;
const labelType = (c: Context): "int64" | undefined => (c.ints("classlabels_int64s") ? "int64" : undefined);
const targets = (c: Context): number => c.int("n_targets", 1);

export const trees: Readonly<Record<string, Rule>> = {
  TreeEnsemble: ensemble(rooted, targets),
  TreeEnsembleRegressor: ensemble(numbered, targets),
  TreeEnsembleClassifier: ensemble(numbered, classes, labelType),
};
