// Fault: every console.log is a message of its own; a loop that prints is slow, and exceeds the message rate that Jupyter allows.
// Cure: text is collected for up to 50 ms or 64 KiB, and always sent before anything that must come after it.
// Where: ZmqServer.handleExecute in tslab/dist/jupyter.js, whose callbacks this wraps.
"use strict";
const { ZmqServer } = require("tslab/dist/jupyter");

/** Wraps the two callbacks of one execution; `flush` sends what is left. */
function collected(writeStream, writeDisplayData) {
  let name = "", text = "", since = 0, scheduled = false;
  const flush = () => {
    if (text) writeStream(name, text);
    text = "";
  };
  return {
    flush,
    writeStream(to, piece) {
      if (to !== name) flush();
      if (!text) since = Date.now();
      name = to;
      text += piece;
      if (text.length > 65536 || Date.now() - since > 50) flush();
      else if (!scheduled) { scheduled = true; setImmediate(() => { scheduled = false; flush(); }); }
    },
    writeDisplayData(data, update) { flush(); writeDisplayData(data, update); },
  };
}

exports.cure = () => {
  const handleExecute = ZmqServer.prototype.handleExecute;
  ZmqServer.prototype.handleExecute = async function (socket, message) {
    const handler = this.handler;
    // A server whose handler collects, for this one request.
    const server = Object.create(this, { handler: { value: Object.create(handler, { handleExecute: { value: async (request, writeStream, writeDisplayData) => {
      const output = collected(writeStream, writeDisplayData);
      try { return await handler.handleExecute(request, output.writeStream, output.writeDisplayData); } finally { output.flush(); }
    } } }) } });
    return handleExecute.call(server, socket, message);
  };
};
