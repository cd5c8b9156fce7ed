import js from "@eslint/js";
import globals from "globals";

import hubspot from "./connectors/hubspot/project/eslint.js";

export default [
  { ignores: [".cache/", ".venv/", "build/", "node_modules/", "instance/", "widget/dist/", "connectors/salesforce/", "tests/connectors/salesforce/panel/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "eqeqeq": "error",
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      "strict": ["error", "safe"],
    },
  },
  {
    // What runs on a customer's page keeps nothing there. It is also weighed: where both sides have
    // the same type, `==` says as much as `===`.
    files: ["widget/**/*.js"],
    rules: {
      "eqeqeq": "off",
      "no-restricted-globals": ["error", "localStorage", "sessionStorage", "indexedDB", "caches"],
      "no-restricted-properties": ["error", { object: "document", property: "cookie" }],
    },
  },
  {
    files: ["tests/**/*.js", "*.config.js", "**/*.build.js"],
    languageOptions: { globals: globals.node },
  },
  ...hubspot,
];
