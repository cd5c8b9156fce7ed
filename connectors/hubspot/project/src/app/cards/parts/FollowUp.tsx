import {
  Button,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Tag,
  Text,
} from "@hubspot/ui-extensions";
import { useState } from "react";

import { quoted } from "../quoted.ts";
import type { FollowUpStanding, OpenCase } from "../standing.ts";
import { useVoice } from "../voice.ts";
import { HandleForm } from "./HandleForm.tsx";

/** Whether we owe the customer a reply. */
export function FollowUp({ standing }: { standing: FollowUpStanding }) {
  const { say } = useVoice();
  return (
    <Flex direction="column" gap="sm">
      <Text format={{ fontWeight: "bold" }}>{say("follow_up")}</Text>
      {standing === "none" ? <Text>{say("follow_up_none")}</Text> : null}
      {standing === "closed" ? <Tag variant="success">{say("follow_up_closed")}</Tag> : null}
      {typeof standing === "object" ? <Open standing={standing} /> : null}
    </Flex>
  );
}

function Open({ standing }: { standing: OpenCase }) {
  const { say, date } = useVoice();
  const late = standing.due !== null && standing.due < new Date();
  return (
    <Flex direction="column" gap="sm">
      <Flex direction="row" gap="sm" wrap>
        <Tag variant="warning">{say("follow_up_open")}</Tag>
        {late ? <Tag variant="error">{say("overdue")}</Tag> : null}
      </Flex>
      <DescriptionList direction="row">
        <DescriptionListItem label={say("owner")}>
          <Text>{standing.owner ? quoted(standing.owner) : say("no_owner")}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={say("due")}>
          <Text>{standing.due ? date(standing.due) : "–"}</Text>
        </DescriptionListItem>
      </DescriptionList>
      {standing.id === null ? null : <Handle followUp={standing.id} key={standing.id} />}
    </Flex>
  );
}

function Handle({ followUp }: { followUp: string }) {
  const { say } = useVoice();
  const [open, setOpen] = useState(false);
  if (open) return <HandleForm followUp={followUp} close={() => setOpen(false)} />;
  return (
    <Flex direction="row">
      <Button onClick={() => setOpen(true)}>{say("handle")}</Button>
    </Flex>
  );
}
