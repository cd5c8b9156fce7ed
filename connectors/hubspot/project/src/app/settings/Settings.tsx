import { Flex, LoadingSpinner, useExtensionContext } from "@hubspot/ui-extensions";
import { useMemo } from "react";

import { readSettings, type SettingsDocument } from "./document.ts";
import { Connection } from "./parts/Connection.tsx";
import { Scopes } from "./parts/Scopes.tsx";
import { Unreached } from "./parts/Unreached.tsx";
import { type Reading, useReading } from "./shared/useReading.ts";
import { useVoice, voiceFor, VoiceProvider } from "./voice.ts";

/** How this account's connection is, for the administrator who opens the app's settings in HubSpot. */
export function Settings() {
  const { portal, user, variables } = useExtensionContext<"settings">();
  const base = String(variables?.["baseUrl"] ?? "");
  const [reading, again] = useReading(`${base}/hubspot/settings`, readSettings);
  const voice = useMemo(() => voiceFor(user, portal.timezone), [user, portal.timezone]);
  return (
    <VoiceProvider value={voice}>
      <Page reading={reading} again={again} />
    </VoiceProvider>
  );
}

interface PageProps {
  reading: Reading<SettingsDocument>;
  again: () => void;
}

function Page({ reading, again }: PageProps) {
  const { say } = useVoice();
  if (reading.name === "loading") return <LoadingSpinner label={say("loading")} showLabel />;
  if (reading.name !== "reached") return <Unreached refused={reading.name === "refused"} again={again} />;
  return (
    <Flex direction="column" gap="lg">
      <Connection document={reading.document} />
      <Scopes scopes={reading.document.scopes} />
    </Flex>
  );
}
