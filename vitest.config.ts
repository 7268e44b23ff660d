import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    // Tests that drive a kernel, a server or a browser set their own, longer limits.
    pool: "forks",
  },
});
