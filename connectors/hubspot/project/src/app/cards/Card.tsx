import { useExtensionContext } from "@hubspot/ui-extensions";
import { useCrmProperties } from "@hubspot/ui-extensions/crm";
import { useMemo } from "react";

import { readCard } from "./document.ts";
import { isSetUp, latestOf, PROPERTIES } from "./latest.ts";
import { Loading, NotSetUp, Unreadable } from "./parts/Instead.tsx";
import { Whole } from "./parts/Whole.tsx";
import { useReading } from "./shared/useReading.ts";
import { ServerProvider } from "./useServer.ts";
import { voiceFor, VoiceProvider } from "./voice.ts";

type Place = "crm.record.tab" | "crm.record.sidebar";

/** NPS on the contact. What is latest comes from the contact itself, so it stands while Gensvar is down. */
export function Card() {
  const { crm, location, portal, user, variables } = useExtensionContext<Place>();
  const contact = String(crm.objectId);
  const base = String(variables?.["baseUrl"] ?? "");
  const address = `${base}/hubspot/card?contact=${encodeURIComponent(contact)}`;
  const [reading, again] = useReading(address, readCard);
  const voice = useMemo(() => voiceFor(user, portal.timezone), [user, portal.timezone]);
  const server = useMemo(() => ({ base, contact, again }), [base, contact, again]);

  return (
    <VoiceProvider value={voice}>
      <ServerProvider value={server}>
        <Contact reading={reading} wide={location === "crm.record.tab"} />
      </ServerProvider>
    </VoiceProvider>
  );
}

function Contact(props: Omit<Parameters<typeof Whole>[0], "latest">) {
  const { properties, error, isLoading, refetch } = useCrmProperties(PROPERTIES);
  if (isLoading) return <Loading />;
  if (error) return <Unreadable again={() => void refetch()} />;
  if (!isSetUp(properties)) return <NotSetUp again={() => void refetch()} />;
  return <Whole latest={latestOf(properties)} {...props} />;
}
