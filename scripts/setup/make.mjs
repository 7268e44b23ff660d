// How each part of the set-up is made. A part says that it is whole by what is written last: npm's record of
// node_modules, lib/dist/.sources, .venv/.ridgepoint. Whoever finds a part without it makes the part anew.
import { spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { failure } from "./failure.mjs";
import { ipython, python, root, venv, venvStamp, windows } from "./places.mjs";
import { askPython, npmRecord, smallFiles, venvWanted } from "./state.mjs";

/** A step that failed: `said` are the last lines of its tool, the message is the sentence for the reader. */
export class Failed extends Error {
  constructor(sentence, said = "") {
    super(sentence);
    this.said = said;
  }
}

/** A step that a signal to us ended. */
export class Stopped extends Error {}

/** `under` is what the lock gives to those who work under it. */
export const make = {
  async packages(under) {
    // Development's packages too, whatever NODE_ENV or npm's settings leave out: the kernel is one of them.
    const args = ["ci", "--no-audit", "--no-fund", "--include=dev", "--include=optional"];
    const [program, first, shell] = npm();
    try {
      const output = await step("packages", under, program, [...first, ...args], { shell });
      // Files that it could not write are no failure to npm.
      if (/TAR_ENTRY_ERROR/.test(output))
        throw new Failed(failure("packages", output, { status: 0 }), lastLines(output));
    } catch (error) {
      rmSync(npmRecord, { force: true });
      throw error;
    }
  },

  async library(under) {
    await step("library", under, process.execPath, [join(root, "scripts", "build.mjs")]);
  },

  async venv(under, { program }) {
    rmSync(venvStamp, { force: true });
    rmSync(venv, { recursive: true, force: true, maxRetries: 3 });
    await step("venv", under, program, ["-m", "venv", ".venv"]);
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    // Whoever has pip install for the user alone, by its settings, still wants this in .venv.
    const here = { ...under, env: { ...under.env, PIP_USER: "0" } };
    await step("pip", here, python, ["-m", "pip", "install", ...quiet, "-r", "requirements.txt"]);
    await make.kernel();
    const answer = askPython();
    if (!answer || answer.missing.length > 0)
      throw new Failed(failure("pip", `pip did not install ${answer?.missing.join(", ")}`, { status: 0 }));
    place(venvStamp, `${JSON.stringify(venvWanted(answer.version))}\n`);
  },

  async kernel() {
    mkdirSync(ipython, { recursive: true });
    for (const [path, text] of Object.entries(smallFiles())) place(path, text);
  },
};

/**
 * The npm that started us, as a script that this Node runs; else the one on the PATH, which on Windows only a shell
 * starts.
 */
function npm() {
  const script = process.env.npm_execpath ?? "";
  return basename(script) === "npm-cli.js" ? [process.execPath, [script], false] : ["npm", [], windows];
}

/** Runs a tool to its end and resolves to what it said. */
function step(name, under, program, args, { shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env: under.env, shell, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let stopped;
    const stop = (signal) => {
      stopped = signal;
      child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, stop);
    const end = (how) => {
      for (const signal of signals) process.off(signal, stop);
      if (how.status === 0 && !stopped) resolve(output);
      else if (stopped) reject(new Stopped(stopped));
      else reject(new Failed(failure(name, output, how), lastLines(output)));
    };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    child.on("error", ({ code }) => end({ code }));
    child.on("close", (status, signal) => end({ status, signal }));
    if (child.pid) under.started(child.pid);
  });
}

/** What a tool said last, less what npm says of its own news. */
function lastLines(output) {
  const lines = output.split("\n").filter((line) => line.trim() && !/^npm (notice|error$)/.test(line.trim()));
  return lines.slice(-12).join("\n");
}

/** Writes a file that is whole whenever it is there. */
export function place(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}
