// Fault: every console.log is a message of its own; a loop that prints is slow, and exceeds the message rate that
// Jupyter allows. Cure: the first lines of a cell, and any line after a pause, go at once; the rest is collected for up
// to 50 ms or 64 KiB, and is always sent before anything that must come after it. Where: ZmqServer.handleExecute in
// tslab/dist/jupyter.js, whose callbacks this wraps.
"use strict";
const { ZmqServer } = require("tslab/dist/jupyter");

/** Messages of one cell that go at once, so that what is printed before a long computation is seen before it ends. */
const burst = 64;
const pauseMs = 50;
const maxLength = 65536;

/** Wraps the two callbacks of one execution; `flush` sends what is left. */
function collected(writeStream, writeDisplayData) {
  let name = "";
  let text = "";
  let sent = 0;
  let last = 0;
  let timer;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!text) return;
    writeStream(name, text);
    text = "";
    sent++;
    last = Date.now();
  };
  return {
    flush,
    writeStream(to, piece) {
      if (to !== name) flush();
      name = to;
      text += piece;
      if (sent < burst || text.length > maxLength || Date.now() - last > pauseMs) flush();
      else timer ??= setTimeout(flush, pauseMs);
    },
    writeDisplayData(data, update) {
      flush();
      writeDisplayData(data, update);
    },
  };
}

exports.cure = () => {
  const handleExecute = ZmqServer.prototype.handleExecute;
  ZmqServer.prototype.handleExecute = async function (socket, message) {
    const handler = this.handler;
    // A server whose handler collects, for this one request.
    const server = Object.create(this, {
      handler: {
        value: Object.create(handler, {
          handleExecute: {
            value: async (request, writeStream, writeDisplayData) => {
              const output = collected(writeStream, writeDisplayData);
              try {
                return await handler.handleExecute(request, output.writeStream, output.writeDisplayData);
              } finally {
                output.flush();
              }
            },
          },
        }),
      },
    });
    return handleExecute.call(server, socket, message);
  };
};
