import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

const ours = ["connectors/hubspot/project/**/*.{ts,tsx}", "tests/connectors/hubspot/project/**/*.{ts,tsx}"];
const only = (config) => ({ ...config, files: ours });

export default [
  ...typescript.configs.strict.map(only),
  ...typescript.configs.stylistic.map(only),
  only(hooks.configs.flat["recommended-latest"]),
  {
    files: ours,
    rules: {
      // tsc finds them, and knows types from values.
      "no-undef": "off",
      "@typescript-eslint/no-unused-vars": "off",
      "@typescript-eslint/no-empty-function": "off",
    },
  },
];
