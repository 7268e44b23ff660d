// Fault: each message is sent without waiting for the one before. After some 500 in one synchronous stretch the socket
// is busy: further ones are lost, display calls throw, and the cell's closing "idle" is lost with them. And what a slow
// client has not yet read is dropped beyond 1000 messages. Where: ZmqMessage.signAndSend in tslab/dist/jupyter.js;
// zeromq allows one send at a time.
"use strict";
const { ZmqServer } = require("tslab/dist/jupyter");

/**
 * A sender in front of `socket`: messages go at once while the socket takes them, and in order afterwards when it does
 * not.
 */
function queued(socket) {
  const waiting = [];
  let draining = false;
  let last = Promise.resolve();
  async function drain() {
    draining = true;
    await last.catch(() => {});
    for (let message; (message = waiting.shift());) await socket.send(message);
    draining = false;
  }
  return {
    send(message) {
      if (!draining) {
        try {
          last = socket.send(message);
          return;
        } catch (error) {
          if (error.code !== "EBUSY") throw error;
        }
        void drain();
      }
      waiting.push(message);
    },
    close: () => socket.close(),
  };
}

exports.cure = () => {
  const { bindSocket } = ZmqServer.prototype;
  ZmqServer.prototype.bindSocket = async function (socket, port) {
    socket.sendHighWaterMark = 0; // no limit; takes effect for sockets bound afterwards
    await bindSocket.call(this, socket, port);
    for (const name of ["iopub", "shell", "control"]) if (this[name] === socket) this[name] = queued(socket);
  };
};
