// A server that answers nothing and remembers what it was asked: what no page of this project may reach.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Starts one on a free port of this machine. */
export function listening(): Promise<{ address: string; requests: string[]; close(): void }> {
  const requests: string[] = [];
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      requests.push(request.url!);
      response.end();
    }).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ address: `http://127.0.0.1:${port}`, requests, close: () => server.close() });
    });
  });
}
