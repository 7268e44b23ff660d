// Nodes on strings, encoded images and trees: no floating-point work, and strings have no width that a file tells.
import { broadcast, type Context, type Found, type Rule } from "../context.js";
import { elementTypes } from "../elementTypes.js";
import { valueOf } from "../value.js";
import { copyOp } from "./viewOrCopy.js";

const why = "how many results there are depends on the data";

const declaredOr = (c: Context, known: Found["outputs"]): Found => ({
  outputs: known.map((v, i) => v ?? c.declared(i)),
  why,
});

const split: Rule = (c) => declaredOr(c, [undefined, valueOf(c.shape(0), "int64")]);

/** One column for each n-gram of the pool. */
const ngrams: Rule = (c) => {
  const shape = c.shape(0);
  const columns = (c.ints("ngram_indexes") ?? [-1]).reduce((a, b) => Math.max(a, b)) + 1;
  return { outputs: [valueOf([...shape.slice(0, -1), columns], "fp32")], ops: [{ op: copyOp(c) }] };
};

const label: Rule = (c) => {
  const a = c.node.attributes;
  const names = ["values_int64s", "values_floats"] as const;
  const [ints, floats] = names.map((name) => a.has(name));
  const tensor = a.get("values_tensor")?.t?.type;
  const dtype = ints ? "int64" : floats ? "fp32" : elementTypes.get(tensor ?? 0)?.dtype;
  return { outputs: [valueOf(c.shape(0), dtype)] };
};

const extract: Rule = (c) => {
  const shape = c.shape(0);
  const index = c.shape(1);
  return { outputs: [valueOf([...(shape.length === 1 ? [1] : shape.slice(0, -1)), index.at(-1) ?? 1], c.dtype())] };
};

export const text: Readonly<Record<string, Rule>> = {
  StringConcat: (c) => ({ outputs: [valueOf(broadcast(c.shape(0), c.shape(1)))] }),
  StringNormalizer: (c) => declaredOr(c, [undefined]),
  StringSplit: split,
  RegexFullMatch: (c) => ({ outputs: [valueOf(c.shape(0), "bool")] }),
  TfIdfVectorizer: ngrams,
  ImageDecoder: (c) => declaredOr(c, [undefined]),
  LabelEncoder: label,
  ArrayFeatureExtractor: extract,
  Binarizer: (c) => ({ outputs: [valueOf(c.shape(0), c.dtype())], ops: [{ op: copyOp(c) }] }),
};
