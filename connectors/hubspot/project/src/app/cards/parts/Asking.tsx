import {
  Button,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Text,
} from "@hubspot/ui-extensions";
import { useState } from "react";

import type { CardDocument, Touchpoint } from "../document.ts";
import { type AskStanding, mayBeAsked } from "../standing.ts";
import { useVoice } from "../voice.ts";
import { AskForm } from "./AskForm.tsx";

interface AskingProps {
  standing: AskStanding;
  document: CardDocument | null;
}

/** When the contact was asked, when the next time may be, and asking now. */
export function Asking({ standing, document }: AskingProps) {
  const { say, date } = useVoice();
  return (
    <Flex direction="column" gap="sm">
      <DescriptionList direction="row">
        <DescriptionListItem label={say("asked")}>
          <Text>{standing.lastAskedAt ? date(standing.lastAskedAt) : "–"}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={say("next_ask")}>
          <NextAsk standing={standing} />
        </DescriptionListItem>
      </DescriptionList>
      {document ? <AskNow touchpoints={document.touchpoints} /> : null}
    </Flex>
  );
}

function NextAsk({ standing }: { standing: AskStanding }) {
  const { say, reason, date } = useVoice();
  if (mayBeAsked(standing, new Date())) return <Text>{say("next_ask_now")}</Text>;
  return (
    <Flex direction="column">
      {standing.nextAskAt ? (
        <Text>{say("next_ask_from", { when: date(standing.nextAskAt) })}</Text>
      ) : null}
      {standing.refusal ? (
        <Text>{say("not_now", { reason: reason(standing.refusal) })}</Text>
      ) : null}
    </Flex>
  );
}

function AskNow({ touchpoints }: { touchpoints: Touchpoint[] }) {
  const { say } = useVoice();
  const [open, setOpen] = useState(false);
  if (touchpoints.length === 0) return <Text>{say("send_nothing")}</Text>;
  if (open) return <AskForm touchpoints={touchpoints} close={() => setOpen(false)} />;
  return (
    <Flex direction="row">
      <Button onClick={() => setOpen(true)}>{say("send")}</Button>
    </Flex>
  );
}
