// Fault: a request that comes while another socket is still being bound is answered at once, and the answer's status
// is lost with an unhandled "Socket is blocked by a bind or unbind operation" (a busy machine, a quick client). Cure:
// requests wait until every socket is bound. Where: ZmqServer.init and handleShellMessage in tslab/dist/jupyter.js.
"use strict";
const { ZmqServer } = require("tslab/dist/jupyter");

exports.cure = () => {
  const { bindSocket, handleShellMessage } = ZmqServer.prototype;
  const bindings = new WeakMap();
  ZmqServer.prototype.bindSocket = function (socket, port) {
    const bound = bindSocket.call(this, socket, port);
    bindings.set(this, [...(bindings.get(this) ?? []), bound]);
    return bound;
  };
  ZmqServer.prototype.handleShellMessage = async function (...request) {
    await Promise.all(bindings.get(this) ?? []);
    return handleShellMessage.apply(this, request);
  };
};
