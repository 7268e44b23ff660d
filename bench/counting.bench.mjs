// How long counting takes: all named models together, per op, and whether it grows with the number of ops and nothing
// more.
import { performance } from "node:perf_hooks";
import { spawnSync } from "node:child_process";
import { decoder, model, modelCost, modelNames } from "ridgepoint";
import { decoderConfigs } from "../lib/dist/models/decoderNames.js";

export const title = "Counting: build a model's ops and cost them";

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Median milliseconds of `run` over `rounds`, after two that are not counted. */
function milliseconds(run, rounds) {
  const samples = [];
  for (let i = 0; i < rounds + 2; i++) {
    const start = performance.now();
    run();
    if (i >= 2) samples.push(performance.now() - start);
  }
  return median(samples);
}

/** `names`: the models, all unless they are given. */
export default async function run({ rounds = 7, names = modelNames } = {}) {
  let ops = 0;
  const all = milliseconds(() => {
    ops = 0;
    for (const name of names) {
      const m = model(name);
      ops += m.nodes.length;
      modelCost(m);
    }
  }, rounds);
  console.log(
    `  all ${names.length} named models: ${all.toFixed(0)} ms, ` +
      `${ops} ops, ${((1000 * all) / ops).toFixed(1)} µs an op`,
  );

  const built = names.map((name) => model(name));
  const costed = milliseconds(() => {
    for (const m of built) modelCost(m);
  }, rounds);
  console.log(`  of that, costing alone: ${costed.toFixed(0)} ms`);

  const base = decoderConfigs["Llama-3-8B"];
  const times = [1, 10, 100].map((times) => {
    const config = { ...base, numHiddenLayers: 10 * times };
    let count = 0;
    const ms = milliseconds(() => {
      const m = decoder(config);
      count = m.nodes.length;
      modelCost(m);
    }, rounds);
    return { times, count, ms };
  });
  for (const { times: n, count, ms } of times)
    console.log(
      `  Llama-3-8B cut to ${10 * n} layers: ${ms.toFixed(2)} ms, ` +
        `${count} ops, ${((1000 * ms) / count).toFixed(2)} µs an op`,
    );

  peer(
    "fvcore",
    "ResNet-50",
    `
import torch, torchvision, time, warnings, logging
from fvcore.nn import FlopCountAnalysis
logging.disable(logging.CRITICAL); warnings.simplefilter("ignore")
m = torchvision.models.resnet50().eval(); x = torch.zeros(1, 3, 224, 224)
s = []
for i in range(5):
    t = time.perf_counter()
    n = FlopCountAnalysis(m, x).unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()
    s.append(time.perf_counter() - t)
print(sorted(s)[2] * 1000, n)`,
    () => modelCost(model("resnet50")),
  );
}

/** The same model in a Python tool, where Python has it: PYTHON names the interpreter. */
function peer(tool, name, program, ours) {
  const python = process.env.PYTHON ?? "python3";
  const { status, stdout } = spawnSync(python, ["-c", program], { encoding: "utf8" });
  if (status !== 0) {
    console.log(`  ${tool}, ${name}: skipped, ${python} has no ${tool} with torch and torchvision`);
    return;
  }
  const [theirs, count] = stdout.trim().split(/\s+/).slice(-2).map(Number);
  const own = milliseconds(ours, 7);
  console.log(
    `  ${name}: ${own.toFixed(2)} ms here, ${theirs.toFixed(0)} ms in ` +
      `${tool} (${count} there): ${(theirs / own).toFixed(0)} times`,
  );
}
