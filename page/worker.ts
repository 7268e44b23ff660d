// The page's worker: cells run here, so that one that never ends leaves the page alive, and can be stopped. Cells are
// modules made from blobs: nothing is evaluated from a text, and the page's policy need not allow that.
import type { Answer, Order } from "./messages.js";
import type { Measuring, NodeOnly } from "./run/modules.js";
import { createRunner, type Runner } from "./run/runner.js";

/** Put in its place by build.mjs. */
declare const ridgepointNodeOnly: NodeOnly;

const say = (answer: Answer): void => postMessage(answer);
let runner: Runner | undefined;
let last = 0;
/** What measures, once it is asked for; a run waits until it is there. */
let measuring: Promise<Measuring> | undefined;
let hidden = false;

async function load(code: string) {
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const module = (await import(/* @vite-ignore */ address)) as {
    default: (names: object, cell: object) => Promise<unknown>;
  };
  return { address, default: module.default };
}

async function obey(order: Order): Promise<void> {
  if (order.type === "start")
    runner = createRunner({
      load,
      output: (cell, output) => say({ type: "output", cell, output }),
      checked: (id, right) => say({ type: "checked", id, right }),
      nodeOnly: ridgepointNodeOnly,
      records: order.records,
    });
  else if (order.type === "run") {
    await measuring;
    last = order.cell;
    say({ type: "done", cell: order.cell, ok: await runner!.run(order.cell, order.source) });
  } else if (order.type === "measure") measuring = measured(order.program);
  else if (order.type === "hidden") {
    hidden = order.hidden;
    (await measuring)?.pageHidden(hidden);
  } else if (order.type === "say") runner!.say(order.cell, order.name, order.id);
  else say({ type: "picture", id: order.id, shown: runner!.picture(order.id, order.state) });
}

async function measured(program: string): Promise<Measuring> {
  const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const module = (await import(/* @vite-ignore */ address)) as Measuring;
  runner!.measure(module);
  return module;
}

addEventListener("message", (event: MessageEvent<Order>) => void obey(event.data));
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  const output = { kind: "stream", name: "stderr", text: `${String(event.reason)}\n` } as const;
  say({ type: "output", cell: last, output });
});
