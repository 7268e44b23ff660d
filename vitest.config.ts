import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// What `npm test` runs; `npm run test:long` has a configuration of its own, in test/long.
const hosts = ["test/kernel/**/*.test.ts", "test/hosts/**/*.test.ts"];
/** Files that put something in the place of a module: each has a process of its own, before anything was imported. */
const mocking = readdirSync("test", { recursive: true, encoding: "utf8" })
  .map((name) => join("test", name))
  .filter((name) => name.endsWith(".test.ts") && /^vi\.mock\(/m.test(readFileSync(name, "utf8")));

export default defineConfig({
  test: {
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "library",
          include: ["test/**/*.test.ts"],
          exclude: [...hosts, ...mocking, "test/long/**"],
          testTimeout: 20_000,
          // Files share a process and what they import: importing the library anew for each took half of the time.
          isolate: false,
          setupFiles: "test/support/hostless.ts",
        },
      },
      { extends: true, test: { name: "mocking", include: mocking, testTimeout: 20_000 } },
      // Tests that drive a kernel, a server or a browser need .venv, take longer, and have the machine to themselves.
      {
        extends: true,
        test: {
          name: "hosts",
          include: hosts,
          globalSetup: "test/support/setup.ts",
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
