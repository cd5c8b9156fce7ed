"use strict";

const recommended = require("@salesforce/eslint-config-lwc/recommended");
const globals = require("globals");

const TESTS = ["tests/connectors/salesforce/panel/**"];

module.exports = [
  ...recommended,
  { ignores: ["**/node_modules/", "connectors/salesforce/package/lwc/*/labels.js"] },
  { languageOptions: { ecmaVersion: 2024 }, linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["connectors/salesforce/*.js"],
    languageOptions: { sourceType: "script", globals: globals.node },
  },
  {
    files: TESTS,
    languageOptions: { globals: { ...globals.jest, ...globals.node } },
    rules: { "@lwc/lwc/no-unexpected-wire-adapter-usages": "off" },
  },
  { files: ["**/pictures/**"], rules: { "jest/expect-expect": "off" } },
];
