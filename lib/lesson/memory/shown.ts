// Charts and tables of lecture 2 from what was measured, each with the machine that it was measured on.
import { dotChart, hierarchyChart, lineChart, type Chart } from "../../charts/index.js";
import type { ChainsRow, Fusion, Machine, PlacedPoints, Regimes } from "../../measure/index.js";
import { binary, formatTime, si, significant } from "../../units.js";
import type { Provenance } from "../recordedRun.js";
import { table } from "../table.js";
import type { Table } from "../../text/table.js";

/** Bandwidth on one thread against working set: four walks. */
export function bandwidthChart({ curve, oneThread, origin }: Machine & Provenance): Chart {
  const alone = curve.filter(({ threads }) => threads === 1);
  const rows = alone.flatMap((row) =>
    (["read", "lines", "copy", "triad"] as const).map((series) => ({ series, x: row.bytes, y: row[series] })),
  );
  return lineChart(rows, {
    title: `Bandwidth by working set: ${oneThread.name}`,
    caption: origin,
    x: "Working set",
    xScale: "log",
    xFormat: "si",
    xUnit: "B",
    y: "Bandwidth (B/s, counted as STREAM does)",
    yScale: "log",
    yFormat: "si",
    unit: "B/s",
  });
}

/** The levels of memory on one thread: what each holds, how fast it is walked through, how long it takes to answer. */
export const levelTable = ({ oneThread, origin }: Machine & Provenance): Table =>
  table(
    oneThread.levels.map(({ level, bytes, read, lines, copy, latency }) => ({
      level,
      holds: bytes === undefined ? "" : binary(bytes),
      read: si(read, "B/s"),
      lines: si(lines ?? read, "B/s"),
      copy: copy === undefined ? "" : si(copy, "B/s"),
      latency: latency === undefined ? "" : formatTime(latency),
      "lines a latency": latency === undefined ? "" : significant((latency * (lines ?? read)) / 64, 2),
    })),
    { title: origin },
  );

/** The levels on one thread as pipes to scale: length is latency, thickness the rate of lines. */
export function pipesChart({ oneThread, origin }: Machine & Provenance): Chart {
  const rows = oneThread.levels.flatMap(({ level, bytes, read, lines = read, latency }) =>
    latency === undefined || bytes === undefined ? [] : [{ name: level, bytes, latency, bandwidth: lines }],
  );
  return hierarchyChart(rows, { title: `The memory of ${oneThread.name}, to scale`, caption: origin });
}

const batchOf = (name: string): number => Number(/batch (\d+)$/.exec(name)?.[1]);

/** Measured time of a linear layer against batch, between its two bounds. */
export function boundsChart({ rows, origin }: PlacedPoints & Provenance): Chart {
  const points = rows.flatMap(({ name, seconds, predictedSeconds, upperSeconds }) => {
    const x = batchOf(name);
    if (!(x > 0)) return [];
    return [
      { series: "measured", x, y: seconds },
      { series: "overlapped: max", x, y: predictedSeconds },
      { series: "in turn: sum", x, y: upperSeconds },
    ];
  });
  return lineChart(points, {
    title: "Linear 768 → 3072 in fp32 on one thread: predicted and measured",
    caption: origin,
    x: "Batch size",
    xScale: "log",
    y: "Time",
    yScale: "log",
    yFormat: "si",
    unit: "s",
    dashed: ["overlapped: max", "in turn: sum"],
  });
}

/** Predicted over measured time of each kernel: 1 is the bound. */
export const boundShareChart = ({ rows, origin }: PlacedPoints & Provenance): Chart =>
  dotChart(
    rows.map(({ name, ratio, predictedSeconds, upperSeconds, bound }) => ({
      name: name.replace("linear, small, ", ""),
      value: ratio,
      low: predictedSeconds / upperSeconds,
      high: 1,
      family: `${bound}-bound`,
    })),
    {
      title: "Predicted ÷ measured time",
      caption: origin,
      x: "Share of what the ledger allows",
      reference: { value: 1, label: "the bound" },
    },
  );

/** Time of a pass over one array against its multiply-adds an element, and where the ridge puts the knee. */
export function arithmeticChart({ arithmetic, predictedKnee, origin }: Regimes & Provenance): Chart {
  const rows = arithmetic.map(({ multiplyAdds, seconds }) => ({ series: "measured", x: multiplyAdds, y: seconds }));
  return lineChart(rows, {
    title: "More and more arithmetic on every element of 64 MiB",
    caption: origin,
    x: "Multiply-adds an element",
    xScale: "log",
    y: "Time of a pass",
    yScale: "log",
    yFormat: "si",
    unit: "s",
    rules: predictedKnee === undefined ? [] : [{ x: predictedKnee, label: `ridge ${significant(predictedKnee, 2)}` }],
  });
}

/** Time of a call against the size of its array, and the size below which the call decides. */
export function callChart({ sizes, callKnee, origin }: Regimes & Provenance): Chart {
  const rows = sizes.map(({ bytes, seconds }) => ({ series: "measured", x: bytes, y: seconds }));
  return lineChart(rows, {
    title: "One multiply-add an element, on larger and larger arrays",
    caption: origin,
    x: "Bytes of the array",
    xScale: "log",
    xFormat: "si",
    xUnit: "B",
    y: "Time of a call",
    yScale: "log",
    yFormat: "si",
    unit: "s",
    rules: [{ x: callKnee / 2, label: `the call: ${si(callKnee / 2, "B")}` }],
  });
}

/** Three passes beside one, size by size. */
export const fusionTable = ({ rows, origin }: Fusion & Provenance): Table =>
  table(
    rows.map(({ bytes, passes, bytesPerElement, seconds, bytesPerSecond, ratio }) => ({
      array: binary(bytes),
      passes,
      "bytes an element": bytesPerElement,
      time: formatTime(seconds),
      moved: si(bytesPerSecond, "B/s"),
      "times as long": significant(ratio, 3),
    })),
    { title: origin },
  );

/** Lines on their way at once against chains that are followed side by side. */
export function chainsChart({ rows, origin }: { readonly rows: readonly ChainsRow[] } & Provenance): Chart {
  const points = rows.flatMap(({ chains, inFlight }) => [
    { series: "measured", x: chains, y: inFlight },
    { series: "one a chain", x: chains, y: chains },
  ]);
  return lineChart(points, {
    title: "Cache lines on their way at once, by chains of loads",
    caption: origin,
    x: "Chains side by side",
    xScale: "log",
    y: "Lines on their way",
    yScale: "log",
    dashed: ["one a chain"],
  });
}
