// npm run test:long: what takes minutes, and set-ups that take a connection. Not part of `npm test`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: {
    globalSetup: "test/support/setup.ts",
    include: ["test/long/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
