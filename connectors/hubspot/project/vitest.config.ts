import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../../..", import.meta.url)),
  test: {
    include: ["tests/connectors/hubspot/project/**/*.test.{ts,tsx}"],
    isolate: false, // seconds; a test that leaves something behind would be seen by the next one
    unstubGlobals: true,
  },
});
