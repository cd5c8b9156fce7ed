import { Button, Flex, Text } from "@hubspot/ui-extensions";
import { useState } from "react";

import { beginning, lines, quoted } from "../quoted.ts";
import { useVoice } from "../voice.ts";

/** What the customer wrote: a long text is folded, and a text in another direction stays inside its own line. */
export function Comment({ text }: { text: string }) {
  const { say } = useVoice();
  const [open, setOpen] = useState(false);
  const short = beginning(text);
  const shown = open || short === null ? text : short;
  return (
    <Flex direction="column" gap="xs" align="start">
      {lines(shown).map((line, number) => (
        <Text key={number}>{quoted(line)}</Text>
      ))}
      {short === null ? null : (
        <Button variant="transparent" size="sm" onClick={() => setOpen(!open)}>
          {say(open ? "show_less" : "show_all")}
        </Button>
      )}
    </Flex>
  );
}
