// The activation that ONNX Runtime's optimizer puts into the node before it.
import { elementCount, type Op } from "../../../op.js";
import { activation, type ActivationKind } from "../../../ops/activation.js";
import type { Context, Found } from "../context.js";
import { Uncountable } from "../value.js";
import { activations } from "./activations.js";
import { elementwiseOp } from "./elementwise.js";

/** A fused activation is an extra of the op that it follows. */
export function withActivation(c: Context, found: Found): Found {
  const name = c.text("activation", "");
  if (name === "") return found;
  const kind: ActivationKind | undefined = Object.hasOwn(activations, name) ? activations[name] : undefined;
  const clip = name === "Clip";
  if (!kind && !clip)
    throw new Uncountable(`activation must be one of ${Object.keys(activations).join(", ")}, got ${name}`);
  const shape = found.outputs[0]!.shape!;
  const own = kind ? activation(kind, { shape }) : elementwiseOp("clip", "activation", elementCount(shape), 2);
  const add = (op: Op): Op => ({
    ...op,
    extras: { ...op.extras, ...own.extras },
    ...(own.transcendentals ? { transcendentals: (op.transcendentals ?? 0) + own.transcendentals } : {}),
  });
  return { ...found, ops: (found.ops ?? []).map(({ op, ...rest }) => ({ ...rest, op: add(op) })) };
}
