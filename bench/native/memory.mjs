// Bandwidth and latency of this library's streams against C, level by level.
import { workspace, workspaceBytes } from "../../lib/dist/kernels/wasm/workspace.js";
import { cycle } from "../../lib/dist/measure/curve.js";
import { because, fastest, versus } from "../versus.mjs";

export async function memory({ c, widths }) {
  const most = 2 ** 28;
  const space = workspace(workspaceBytes(most, most / 2, most / 2));
  const [x, y, z] = [space.floats(most), space.floats(most / 2), space.floats(most / 2)];
  const k = space.kernels;
  for (const a of [x, y, z]) a.values.fill(1);
  for (const [level, kib, bar] of [
    ["L1", 16, 0.9],
    ["L2", 256, 0.85],
    ["L3", 4096, 0.95],
    ["DRAM", 2 ** 20, 0.95],
  ]) {
    // A multiple of every kernel's block: 48 values of read, 192 of lines, 128 of C at 512 bit.
    const n = Math.floor((kib * 256) / 384) * 384;
    const passes = Math.max(1, Math.round(2048 / kib));
    const where = `${level} (${kib} KiB)`;
    const lines = () => k.lines(x.at, n, passes, 0);
    const read = () => k.read(x.at, n, passes, 0);
    const readC = (bits) => c[`read${bits}`](x.values, n, passes);
    await versus(
      () => readC(128),
      { [`read, ${where}, against C at 128 bit`]: read },
      { bar, why: because(() => readC(128), { "with a quarter of the loads (lines)": lines }) },
    );
    if (level === "L1") continue;
    const wide = await fastest(widths, readC);
    const narrow = { "C itself at 128 bit": () => readC(128) };
    await versus(
      () => readC(wide),
      { [`lines, ${where}, against a read in C at ${wide} bit`]: lines },
      { bar, why: because(() => readC(wide), narrow) },
    );
    if (level === "L2") continue;
    await versus(
      () => readC(wide),
      { [`read, ${where}, against C at ${wide} bit`]: read },
      { bar, why: because(() => readC(wide), narrow) },
    );
    const half = Math.floor(n / 2 / 64) * 64;
    const third = Math.floor(n / 3 / 64) * 64;
    const copyC = (bits) => c[`copy${bits}`](y.values, x.values, half, passes);
    const triadC = (bits) => c[`triad${bits}`](z.values, x.values, y.values, third, passes);
    const updateC = (bits) => c[`update${bits}`](x.values, n, -1, passes);
    const widest = await fastest(widths, updateC);
    await versus(
      () => updateC(widest),
      { [`update, ${where}, against C at ${widest} bit`]: () => k.update(x.at, n, -1, passes) },
      {
        bar,
        why: because(() => updateC(widest), { "C itself at 128 bit": () => updateC(128) }),
      },
    );
    const copy = (straight) => k.copy(y.at, x.at, half, passes, straight);
    const triad = (straight) => k.triad(z.at, x.at, y.at, third, 3, passes, straight);
    for (const [name, ours, inC] of [
      ["copy", copy, copyC],
      ["triad", triad, triadC],
    ]) {
      // Ours in four fronts or straight on, as a ceiling takes the better of the two.
      const bits = await fastest(widths, inC);
      const straight = await fastest([0, 1], ours);
      const way = straight ? "straight" : "in four fronts";
      await versus(
        () => inC(bits),
        { [`${name} ${way}, ${where}, against C at ${bits} bit, ordinary stores`]: () => ours(straight) },
        {
          bar,
          why: because(() => inC(bits), {
            "C itself at 128 bit": () => inC(128),
            [straight ? "in four fronts" : "straight"]: () => ours(1 - straight),
          }),
        },
      );
    }
  }
}

export async function latency({ c }) {
  // Both follow the same chain through the same words: other pages would lie otherwise in the caches.
  const most = 2 ** 24;
  const space = workspace(workspaceBytes(most));
  const x = space.floats(most);
  const words = new Uint32Array(x.values.buffer, x.at, most);
  const memory = new Uint8Array(x.values.buffer);
  for (const [level, kib, steps] of [
    ["L1", 16, 2 ** 17],
    ["L2", 256, 2 ** 17],
    ["L3", 4096, 2 ** 16],
    ["DRAM", 2 ** 16, 2 ** 15],
  ]) {
    cycle(kib * 16, (from, to) => {
      words[from * 16] = x.at + to * 64;
    });
    let ours = x.at;
    let theirs = x.at;
    let again = x.at;
    const anchor = () => {
      theirs = c.chase(memory, theirs, steps);
    };
    await versus(
      anchor,
      {
        [`latency, ${level} (${kib} KiB), ours over C's`]: () => {
          ours = space.kernels.chase(ours, steps);
        },
      },
      {
        bar: level === "L1" ? undefined : [0.9, 1.1],
        inverse: true,
        why: because(
          anchor,
          {
            "C over itself": () => {
              again = c.chase(memory, again, steps);
            },
          },
          { inverse: true },
        ),
      },
    );
  }
}
