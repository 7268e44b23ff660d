// Fault: tslab binds ipc://{ip}:{port}, Jupyter connects to ipc://{ip}-{port}; a host that starts kernels over ipc
// (Colab) never reaches it. Where: ZmqServer.bindSocket in tslab/dist/jupyter.js.
"use strict";
const { ZmqServer } = require("tslab/dist/jupyter");

exports.cure = () => {
  ZmqServer.prototype.bindSocket = async function (socket, port) {
    const { transport, ip } = this.connInfo;
    await socket.bind(`${transport}://${ip}${transport === "ipc" ? "-" : ":"}${port}`);
  };
};
