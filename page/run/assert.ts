// `import { strict as assert } from "assert"` in a page: the checks that cells make, strict ones, in Node's words.
import { deepEqual } from "./equal.js";
import { inspect } from "./inspect.js";

class AssertionError extends Error {
  override readonly name = "AssertionError";
  readonly code = "ERR_ASSERTION";
}

/** Fails with the caller's own message, or with `usual`. */
function fail(message: string | Error | undefined, usual: string): never {
  if (message instanceof Error) throw message;
  throw new AssertionError(message ?? usual);
}

type Message = string | Error;

function ok(value: unknown, message?: Message): void {
  if (!value) fail(message, `The expression evaluated to a falsy value: ${inspect(value)}`);
}

function equal(actual: unknown, expected: unknown, message?: Message): void {
  if (!Object.is(actual, expected))
    fail(message, `Expected values to be strictly equal:\n\n${inspect(actual)} !== ${inspect(expected)}\n`);
}

function notEqual(actual: unknown, expected: unknown, message?: Message): void {
  if (Object.is(actual, expected)) fail(message, `Expected "actual" to be strictly unequal to: ${inspect(expected)}`);
}

function deep(actual: unknown, expected: unknown, message?: Message): void {
  if (!deepEqual(actual, expected))
    fail(
      message,
      `Expected values to be strictly deep-equal:\n+ actual\n${inspect(actual)}\n- expected\n${inspect(expected)}\n`,
    );
}

function notDeep(actual: unknown, expected: unknown, message?: Message): void {
  if (deepEqual(actual, expected))
    fail(message, `Expected "actual" not to be strictly deep-equal to: ${inspect(expected)}`);
}

/** Whether an error is what `expected` says: its class, its text, its fields, or what a function thinks of it. */
function isExpected(error: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === "function")
    return /^class\b/.test(Function.prototype.toString.call(expected)) || expected.prototype instanceof Error
      ? error instanceof (expected as new () => unknown)
      : expected === Error
        ? error instanceof Error
        : (expected as (error: unknown) => unknown)(error) === true;
  if (typeof expected !== "object" || expected === null) return true;
  return Object.entries(expected).every(([key, value]) => {
    const held = (error as Record<string, unknown> | null)?.[key];
    return value instanceof RegExp && typeof held === "string" ? value.test(held) : deepEqual(held, value);
  });
}

function throws(action: () => unknown, expected?: unknown, message?: Message): void {
  try {
    action();
  } catch (error) {
    if (!isExpected(error, expected)) throw error;
    return;
  }
  fail(typeof expected === "string" ? expected : message, "Missing expected exception.");
}

async function rejects(action: Promise<unknown> | (() => Promise<unknown>), expected?: unknown, message?: Message) {
  try {
    await (typeof action === "function" ? action() : action);
  } catch (error) {
    if (!isExpected(error, expected)) throw error;
    return;
  }
  fail(typeof expected === "string" ? expected : message, "Missing expected rejection.");
}

function match(text: string, pattern: RegExp, message?: Message): void {
  if (!pattern.test(text))
    fail(message, `The input did not match the regular expression ${String(pattern)}. Input:\n\n${inspect(text)}\n`);
}

const methods = {
  AssertionError,
  ok,
  equal,
  strictEqual: equal,
  notEqual,
  notStrictEqual: notEqual,
  deepEqual: deep,
  deepStrictEqual: deep,
  notDeepEqual: notDeep,
  notDeepStrictEqual: notDeep,
  throws,
  rejects,
  match,
  fail: (message?: Message): never => fail(message, "Failed"),
};

type Assert = typeof ok & typeof methods & { strict?: Assert; default?: Assert };

/** The module "assert": a function with the checks as its members. */
export const assert: Assert = Object.assign((value: unknown, message?: Message) => ok(value, message), methods);
assert.strict = assert;
assert.default = assert;
