// Run by Node when a lecture is exported with its stored outputs: runs its cells as its page would, and writes every
// chart that they show as a phone gets it. With `--form`: what RIDGEPOINT_NARROW must be for a kernel to do the same.
import type { Recorded } from "../lib/lecturePage.js";
import type { NodeOnly } from "./run/modules.js";
import { narrow } from "./run/narrow.js";
import { createRunner, type RunnerHost } from "./run/runner.js";

/** Put in its place by build.mjs. */
declare const ridgepointNodeOnly: NodeOnly;

/** What the export sends. */
interface Lecture {
  readonly sources: readonly string[];
  readonly records: readonly Recorded[];
}

async function read(): Promise<Lecture> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) text += part as string;
  return JSON.parse(text) as Lecture;
}

const load: RunnerHost["load"] = async (code) => {
  const address = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  const module = (await import(/* @vite-ignore */ address)) as Awaited<ReturnType<RunnerHost["load"]>>;
  return { address, default: module.default };
};

/** Every chart of a lecture, as a phone gets it. */
async function charts({ sources, records }: Lecture): Promise<string[]> {
  const drawn: string[] = [];
  // A notebook shows the recorded runs as its machine measured them, or as recorded ones where that machine refused.
  for (const own of [true, false]) {
    const runner = createRunner({
      load,
      output(_, output) {
        if (output.kind !== "display") return;
        const svg = output.bundle[narrow.form];
        if (svg !== undefined) drawn.push(svg);
      },
      nodeOnly: ridgepointNodeOnly,
      records,
      own,
    });
    for (const [index, source] of sources.entries()) await runner.run(index, source);
  }
  return drawn;
}

const answer = process.argv.includes("--form")
  ? `${narrow.width} ${narrow.form}`
  : JSON.stringify(await charts(await read()));
process.stdout.write(answer);
