// `ridgepoint machine`: this machine, measured. The measuring itself is loaded only here, as it brings threads and
// native code with it.
import { tableOf } from "../text/table.js";
import { binary, formatTime, si } from "../units.js";
import { read, type Command } from "./command.js";
import { json, lines } from "./text.js";

const spec = { quick: "boolean", json: "boolean", curve: "boolean" } as const;

export const machine: Command = async (args, streams) => {
  const { options } = read("machine", args, spec, []);
  const { machineReport, measureMachine } = await import("../measure/index.js");
  const onProgress = ({ fraction, message }: { fraction: number; message: string }): void =>
    streams.err(`\r\u001b[K${Math.round(100 * fraction)} %  ${message}`);
  const measured = await measureMachine({ quick: options.quick ?? false, ...(streams.terminal ? { onProgress } : {}) });
  if (streams.terminal) streams.err("\r\u001b[K");
  const report = machineReport(measured, { curve: options.curve ?? false });
  if (options.json) return json(report);
  const doubt =
    report.refusal === undefined
      ? []
      : [`Do not rely on these figures: ${report.refusal}. Measure again when the machine is quiet.`];
  const rate = (n: number | undefined): string => (n === undefined ? "" : si(n, "B/s"));
  const rows = report.levels.map((l) => ({
    level: l.level,
    bytes: Number.isFinite(l.bytes) ? binary(l.bytes) : "",
    read: rate(l.read),
    lines: rate(l.lines),
    copy: rate(l.copy),
    triad: rate(l.triad),
    update: rate(l.update),
    latency: l.latency === undefined ? "" : formatTime(l.latency),
  }));
  return `${report.name}\n\n${lines([
    ["threads", String(report.threads)],
    ...Object.entries(report.peakFlops)
      .filter(([name]) => name !== "fp32")
      .map(([name, n]): [string, string] => [`${name} roof`, si(n, "FLOP/s")]),
    ["bandwidth", si(report.bandwidth, "B/s")],
    [
      "ridge point",
      report.peakFlops.fp32 === undefined
        ? ""
        : `${(report.peakFlops.fp32 / report.bandwidth).toPrecision(3)} FLOP/B in fp32`,
    ],
    ["noise", `${(100 * report.noise).toFixed(1)} %`],
    ["measured in", formatTime(report.seconds)],
  ])}\n${tableOf(rows).text}\n\n${[...doubt, ...report.notes].map((n) => `${n}\n`).join("")}`;
};
