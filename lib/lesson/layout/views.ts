// Views of a tensor, named by the code that makes them: what a label says is what was run.
import { Tensor } from "../../tensor/index.js";
import { tableOf, type Table } from "../../text/table.js";

/** A view with its name. */
export interface NamedView {
  /** The code that made it, of a tensor `m`. */
  readonly name: string;
  /** The view. */
  readonly tensor: Tensor;
}

/** `m` itself and what each of `makers` makes of it, named by its code: `(m) => m.transpose(0, 1)`. */
export const viewsOf = (m: Tensor, ...makers: readonly ((m: Tensor) => Tensor)[]): NamedView[] => [
  { name: "m", tensor: m },
  ...makers.map((maker) => ({ name: codeOf(maker), tensor: maker(m) })),
];

/** What a maker's arrow points to. */
const codeOf = (maker: (m: Tensor) => Tensor): string =>
  String(maker)
    .replace(/^[^=]*=>\s*/, "")
    .replace(/\s+/g, " ");

/** A row a view: shape, strides, offset, whether it has the first one's buffer, whether it is contiguous. */
export const viewTable = (views: readonly NamedView[]): Table =>
  tableOf(
    views.map(({ name, tensor }) => ({
      view: name,
      shape: `(${tensor.shape.join(", ")})`,
      strides: `(${tensor.strides.join(", ")})`,
      offset: tensor.offset,
      "same buffer": tensor.buffer === views[0]!.tensor.buffer,
      contiguous: tensor.isContiguous(),
    })),
  );
