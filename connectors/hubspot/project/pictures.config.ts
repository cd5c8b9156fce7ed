import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

// `npm run pages`: the pages that tools/pictures.py takes pictures of.
export default defineConfig({
  root: fileURLToPath(new URL("../../..", import.meta.url)),
  test: { include: ["tests/connectors/hubspot/project/pictures/pages.tsx"] },
});
