// The command line: `ridgepoint count|op|fits|roofline|models|devices|machine`. Each command is a file of cli/; here
// they are chosen, and every error becomes one line.
import { nearest, shown } from "./check.js";
import { count } from "./cli/count.js";
import { devicesCommand } from "./cli/devices.js";
import { fits } from "./cli/fits.js";
import { general, help } from "./cli/help.js";
import { machine } from "./cli/machine.js";
import { models } from "./cli/models.js";
import { op } from "./cli/op.js";
import type { Command, Streams } from "./cli/command.js";
import { roofline } from "./cli/roofline.js";
import { version } from "./cli/version.js";
import { oneLine } from "./explore/oneLine.js";

const commands: Readonly<Record<string, Command>> = {
  count,
  op,
  fits,
  roofline,
  models,
  devices: devicesCommand,
  machine,
};

const standard: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
};

/**
 * Runs the command line on `args` (without node and the script) and resolves to the exit code: 0, or 2 with one line on
 * the error stream. Never throws. `streams`: where text goes, by default the process's own.
 */
export async function main(args: readonly string[], streams: Streams = standard): Promise<number> {
  if (streams === standard) stopQuietly();
  try {
    streams.out(await answer(args, streams));
    return 0;
  } catch (error) {
    streams.err(`ridgepoint ${oneLine(error)}\n`);
    return 2;
  }
}

async function answer([name, ...rest]: readonly string[], streams: Streams): Promise<string> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help")
    return name === "help" && rest[0] !== undefined ? help(known(rest[0]), rest.slice(1)) : general;
  if (name === "--version" || name === "-v") return `${version()}\n`;
  const command = commands[known(name)]!;
  const asked = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : undefined);
  return asked.includes("--help") || asked.includes("-h") ? help(name, rest) : command(rest, streams);
}

function known(name: string): string {
  if (Object.hasOwn(commands, name)) return name;
  const near = nearest(name, Object.keys(commands), 5).join(", ");
  throw new RangeError(`must be called with one of ${near}, got ${shown(name)}; see ridgepoint --help`);
}

/** A reader that closes the pipe (head, less) ends the program; that is no error. */
function stopQuietly(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
