// What a machine can see of the house's style: one statement a line, files that a reader takes in at once. Prettier
// decides form.
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["lib/dist/", "page/dist/", "lib/kernels/wasm/", "site/", "slides/", "docs/api/", ".venv/", ".setup/"]),
  js.configs.recommended,
  tseslint.configs.strict,
  {
    rules: {
      "one-var": ["error", "never"],
      "max-lines": ["error", 250],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ConditionalExpression ConditionalExpression ConditionalExpression",
          message: "A ternary may hold one other; write the third as a statement.",
        },
        {
          selector: ":not(ExpressionStatement):not(ForStatement) > AssignmentExpression",
          message: "An assignment is a statement of its own.",
        },
      ],
      // Under noUncheckedIndexedAccess an index into an array that is known to be long enough says so with "!".
      "@typescript-eslint/no-non-null-assertion": "off",
      // TypeScript itself looks for undefined names, with the types of each place.
      "no-undef": "off",
    },
  },
  {
    // Loaded into tslab's own process before it starts: it replaces parts of modules that are CommonJS, in place.
    files: ["kernel/**/*.cjs"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
