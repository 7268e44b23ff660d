// What npm, pip and others print when they fail becomes one sentence that says what to do.
import { describe, expect, test } from "vitest";
import { type End, offline, npmCode, pipRetry, table } from "./failureCases.js";

const { failure, steps } = (await import(new URL("../../scripts/setup/failure.mjs", import.meta.url).href)) as {
  failure(step: string, output: string, end?: End): string;
  steps: Record<string, string>;
};

describe("a failed connection is blamed", () => {
  test.each(["ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ECONNRESET"])("when npm says %s", (code) => {
    expect(failure("packages", npmCode(code), { status: 1 })).toMatch(offline);
  });
  test.each([
    "NewConnectionError('<HTTPConnection object at 0x7f>: Failed to " +
      "establish a new connection: [Errno 111] Connection refused')",
    "NewConnectionError('<HTTPSConnection object>: Failed to establish a " +
      "new connection: [Errno -2] Name or service not known')",
    "NewConnectionError('<HTTPSConnection object>: Failed to " +
      "establish a new connection: [Errno 13] Permission denied')",
    "NameResolutionError(\"Failed to resolve 'example.org' ([Errno -3] Temporary failure in name resolution)\")",
    "ConnectTimeoutError(<HTTPSConnection object>, 'Connection to example.org timed out. (connect timeout=15)')",
    "ReadTimeoutError(\"HTTPSConnectionPool(host='example.org', port=443): Read timed out. (read timeout=15)\")",
    "ProxyError('Cannot connect to proxy.', RemoteDisconnected('Remote end closed connection without response'))",
  ])("when pip says %s", (why) => {
    expect(failure("pip", pipRetry(why), { status: 1 })).toMatch(offline);
  });
  test("when a firewall forbids it, in the words of a folder's permissions", () => {
    expect(
      failure("packages", "npm error code EACCES\nnpm error syscall connect\nnpm error connect EACCES 10.0.0.1:443", {
        status: 1,
      }),
    ).toMatch(offline);
  });
});

describe("what is no connection is not called one", () => {
  test.each(table)("%s", (_, step, output, end, told) => {
    const sentence = failure(step, output, end);
    expect(sentence).toMatch(told);
    expect(sentence).not.toMatch(offline);
    expect(sentence).toMatch(new RegExp(`^${steps[step]!.replace(/[().]/g, "\\$&")}: [^\\n]+\\.$`));
  });
});
