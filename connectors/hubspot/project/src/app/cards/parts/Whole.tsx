import { Alert, Divider, Flex } from "@hubspot/ui-extensions";

import type { CardDocument } from "../document.ts";
import type { Latest } from "../latest.ts";
import type { Reading } from "../shared/useReading.ts";
import { askStanding, followUpStanding, shownAnswer } from "../standing.ts";
import { useVoice } from "../voice.ts";
import { Answered } from "./Answered.tsx";
import { Asking } from "./Asking.tsx";
import { FollowUp } from "./FollowUp.tsx";
import { History } from "./History.tsx";
import { NoAnswer } from "./Instead.tsx";

interface WholeProps {
  latest: Latest;
  reading: Reading<CardDocument>;
  wide: boolean;
}

export function Whole({ latest, reading, wide }: WholeProps) {
  const { say } = useVoice();
  const document = reading.name === "reached" ? reading.document : null;
  const asking = askStanding(latest, document);
  const refusesContact = document && shownAnswer(latest, document)?.may_contact === false;
  return (
    <Flex direction="column" gap="md">
      {latest.score === null ? (
        <NoAnswer lastAskedAt={asking.lastAskedAt} />
      ) : (
        <Answered latest={latest} score={latest.score} />
      )}
      {refusesContact ? <Alert title={say("no_contact")} variant="warning" /> : null}
      <Divider />
      <FollowUp standing={followUpStanding(latest, document)} />
      <Divider />
      <Asking standing={asking} document={document} />
      <Divider />
      <History latest={latest} reading={reading} open={wide} />
    </Flex>
  );
}
