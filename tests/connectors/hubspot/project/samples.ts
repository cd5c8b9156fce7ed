/** What Gensvar answers. The same files are compared with what it does answer, in tests/crm/hubspot/test_samples.py. */
import { readFileSync } from "node:fs";

import type { SettingsDocument } from "../../../../connectors/hubspot/project/src/app/settings/document.ts";
import type {
  Asked,
  CardDocument,
  FollowUp,
} from "../../../../connectors/hubspot/project/src/app/cards/document.ts";

interface Samples {
  asked: Asked;
  card: CardDocument;
  handled: { follow_up: FollowUp };
  refused: Asked;
  settings: SettingsDocument;
}

export function sample<Name extends keyof Samples>(name: Name): Samples[Name] {
  const file = new URL(`samples/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Samples[Name];
}
