import {
  Alert,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Heading,
  Link,
  StatusTag,
  Text,
} from "@hubspot/ui-extensions";

import type { SettingsDocument } from "../document.ts";
import { moment } from "../shared/when.ts";
import { useVoice } from "../voice.ts";

/** Whether what customers answer gets here, and what waits if it does not. */
export function Connection({ document }: { document: SettingsDocument }) {
  const { say, state, date } = useVoice();
  const well = document.state === "connected";
  const last = moment(document.last_success_at);
  return (
    <Flex direction="column" gap="sm" align="start">
      <Heading>{say("health")}</Heading>
      <StatusTag variant={well ? "success" : "danger"}>{state(document.state)}</StatusTag>
      {document.words ? <Alert title={document.words} variant={well ? "info" : "warning"} /> : null}
      <DescriptionList direction="row">
        <Fact label={say("account")} value={document.account} />
        <Fact label={say("last_success")} value={last ? date(last) : say("never")} />
        <Fact label={say("backlog")} value={document.backlog} />
        <Fact label={say("parked")} value={document.parked} />
        <Fact label={say("version")} value={document.version} />
      </DescriptionList>
      <Link href={{ url: document.admin_url, external: true }}>{say("admin")}</Link>
    </Flex>
  );
}

function Fact({ label, value }: { label: string; value: string | number }) {
  return (
    <DescriptionListItem label={label}>
      <Text>{value}</Text>
    </DescriptionListItem>
  );
}
