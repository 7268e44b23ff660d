// Fault: an error is printed to stderr as text; there is no `error` output, and the reply has no name, message or
// traceback, so that no tool can say what went wrong. Cure: what the executor reports as the cell's failure becomes one
// error output, with the reader's own lines only. Where: executor.execute in tslab/dist/executor.js reports through
// console.error; ZmqServer.handleExecute in tslab/dist/jupyter.js replies.
"use strict";
const { dirname } = require("path");
const { JupyterHandlerImpl, ZmqServer } = require("tslab/dist/jupyter");
const executor = require("tslab/dist/executor");
const positions = require("./positions.cjs");

/** The failure that each execute request ended in. */
const failures = new WeakMap();

const kernelFolder = dirname(__dirname);
const internal =
  /node:vm|node:internal|[\\/]tslab[\\/]dist[\\/]|^\s+at process\.processTicksAndRejections|^\s+at new Promise/;

/** Name, message, and the frames of `error` that are the reader's, with positions in the cell as it was written. */
function traceback(error) {
  const frames = String(error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !internal.test(line) && !line.includes(kernelFolder))
    .flatMap((line) => {
      const at = /evalmachine\.<anonymous>:(\d+):(\d+)/.exec(line);
      if (!at) return [line];
      const source = positions.original(Number(at[1]), Number(at[2]));
      return source ? [line.replace(at[0], `cell:${source.line}:${source.column}`)] : [];
    });
  return [`${error.name}: ${error.message}`, ...frames];
}

/**
 * What tslab reports when the reader interrupts a cell: the engine stops a synchronous one; one that awaits is only
 * left.
 */
function interruption(thrown) {
  if (thrown?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") return "the cell was stopped";
  return thrown instanceof Error && thrown.message === "Interrupted asynchronously"
    ? "the cell was left; a loop in it that awaits may run on"
    : undefined;
}

function describe(thrown) {
  const interrupted = interruption(thrown);
  if (interrupted) return { ename: "Interrupted", evalue: interrupted, traceback: [`Interrupted: ${interrupted}`] };
  if (thrown instanceof Error || (typeof thrown === "object" && thrown !== null && typeof thrown.stack === "string")) {
    const lines = traceback(thrown);
    return { ename: String(thrown.name ?? "Error"), evalue: String(thrown.message ?? ""), traceback: lines };
  }
  const text = typeof thrown === "string" ? thrown : require("util").inspect(thrown);
  return { ename: "thrown", evalue: text, traceback: [`thrown: ${text}`] };
}

exports.cure = () => {
  // The executor is handed its own console: what it reports there is the cell's failure, and never the reader's
  // console.error.
  const { createExecutor } = executor;
  let failure;
  executor.createExecutor = (directory, converters, console) => {
    let reports = [];
    const made = createExecutor(directory, converters, {
      log: console.log,
      error: (...parts) => void reports.push(parts),
    });
    const { execute } = made;
    made.execute = async (source) => {
      failure = undefined;
      reports = [];
      const ok = await execute(source);
      if (!ok && reports.length) failure = isTypeError(reports[0]) ? typeErrors(reports) : describe(reports[0][0]);
      else for (const parts of reports) console.error(...parts); // diagnostics of a `@module` cell, which counts as run
      return ok;
    };
    return made;
  };
  const { handleExecuteImpl } = JupyterHandlerImpl.prototype;
  JupyterHandlerImpl.prototype.handleExecuteImpl = async function (request, ...writers) {
    // Kept by request: the next cell may run before this one is answered.
    try {
      return await handleExecuteImpl.call(this, request, ...writers);
    } catch (count) {
      if (failure) failures.set(request, failure);
      throw count;
    }
  };
  const { handleExecute } = ZmqServer.prototype;
  ZmqServer.prototype.handleExecute = async function (socket, message) {
    const { handler } = this;
    const server = Object.create(this, {
      handler: {
        value: Object.create(handler, {
          handleExecute: {
            value: async (request, ...writers) => {
              const content = await handler.handleExecute(request, ...writers);
              const failed = failures.get(request);
              if (content.status !== "error" || !failed) return content;
              const error = message.createReply();
              error.header.msg_type = "error";
              error.content = failed;
              error.signAndSend(this.connInfo.key, this.iopub);
              return { ...content, ...failed };
            },
          },
        }),
      },
    });
    return handleExecute.call(server, socket, message);
  };
};

const typeErrorFormat = "%s%d:%d - %s";
const isTypeError = ([format]) => format === typeErrorFormat;

function typeErrors(reports) {
  const lines = reports.map(([, file, line, column, text]) => `${file}${line}:${column} - ${text}`);
  return {
    ename: "TypeScriptError",
    evalue: lines[0],
    traceback: lines.map((line) => `TypeScriptError at cell:${line}`),
  };
}
