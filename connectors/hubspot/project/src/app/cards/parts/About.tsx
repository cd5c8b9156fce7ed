import { Text } from "@hubspot/ui-extensions";

import { quoted } from "../quoted.ts";
import { useVoice } from "../voice.ts";

/** What was asked about, and of which kind: the two are never mixed in a figure. */
export function About({ touchpoint, kind }: { touchpoint: string; kind: string }) {
  const { say } = useVoice();
  const known = kind === "relational" || kind === "transactional" ? say(kind) : "";
  return <Text>{[touchpoint && quoted(touchpoint), known].filter(Boolean).join(" · ") || "–"}</Text>;
}
