import { Button, Flex, Input, Text, useExtensionActions } from "@hubspot/ui-extensions";
import { useState } from "react";

import { useVoice } from "../voice.ts";

/** The link, to be copied into a message of the rep's own. */
export function SurveyLink({ url }: { url: string }) {
  const { say } = useVoice();
  const { copyTextToClipboard } = useExtensionActions<"crm.record.tab">();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void copyTextToClipboard(url).then(
      () => setCopied(true),
      () => setCopied(false), // the link can still be copied by hand
    );
  return (
    <Flex direction="column" gap="sm">
      <Input name="link" label={say("link")} description={say("send_link")} value={url} readOnly />
      <Flex direction="row" gap="sm" align="center">
        <Button onClick={copy}>{say("copy")}</Button>
        {copied ? <Text>{say("copied")}</Text> : null}
      </Flex>
    </Flex>
  );
}
