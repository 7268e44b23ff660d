// Fault: after a cell that fails, tslab drops every request for 200 ms, whatever the client asked for, with a status
// ("abort") that Jupyter does not know: "run all, keep going" then runs nothing and reports success. Cure: what was
// already waiting is aborted, as Jupyter means it, and only if the client said stop_on_error; the failure is answered
// after that, so whatever is sent next runs. Where: JupyterHandlerImpl.handleExecute and its execQueue in
// tslab/dist/jupyter.js.
"use strict";
const { JupyterHandlerImpl } = require("tslab/dist/jupyter");

/** Requests that were sent together with the failing one are read from the socket within this time. */
const arrivalMs = 20;

exports.cure = () => {
  const handleExecute = JupyterHandlerImpl.prototype.handleExecute;
  JupyterHandlerImpl.prototype.handleExecute = async function (request, writeStream, writeDisplayData) {
    const queue = this.execQueue;
    const goOn = request.stop_on_error === false;
    const own = {
      add(task) {
        const done = queue.add(task);
        if (goOn) queue.prev = done.catch(() => {}); // later tasks wait for this one, but do not fall with it
        return done;
      },
      reset() {}, // done below, before the reply
    };
    const handler = new Proxy(this, {
      get: (target, key) => (key === "execQueue" ? own : Reflect.get(target, key, target)),
    });
    const reply = await handleExecute.call(handler, request, writeStream, writeDisplayData);
    if (reply.status === "error" && !goOn) {
      await new Promise((resolve) => setTimeout(resolve, arrivalMs));
      queue.reset();
    }
    return reply.status === "abort" ? { ...reply, status: "aborted" } : reply;
  };
};
