// Requests that come before all sockets are bound wait for them: what a busy machine shows now and then, made sure.
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/hosts.js";

interface Server {
  bindSocket(socket: unknown, port: number): Promise<void>;
  handleShellMessage(socket: unknown, ...request: unknown[]): Promise<void>;
}

test("a request is handled when every socket is bound, and in order", async () => {
  const require = createRequire(join(root, "kernel", "tslab.cjs"));
  const { ZmqServer } = require("tslab/dist/jupyter") as { ZmqServer: { prototype: Server } };
  const handled: unknown[] = [];
  const bound: (() => void)[] = [];
  ZmqServer.prototype.bindSocket = () => new Promise<void>((resolve) => bound.push(resolve));
  ZmqServer.prototype.handleShellMessage = (_socket, ...request) => {
    handled.push(...request);
    return Promise.resolve();
  };
  (require(join(root, "kernel", "cures", "binding.cjs")) as { cure: () => void }).cure();

  const server = Object.create(ZmqServer.prototype as object) as Server;
  const binding = [server.bindSocket("iopub", 1), server.bindSocket("shell", 2)];
  const answers = [server.handleShellMessage("shell", "first"), server.handleShellMessage("shell", "second")];
  bound[1]!();
  await binding[1];
  await new Promise((resolve) => setImmediate(resolve));
  expect(handled).toEqual([]);
  bound[0]!();
  await Promise.all(answers);
  expect(handled).toEqual(["first", "second"]);
});
