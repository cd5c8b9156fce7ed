import { Button, ErrorState, Text } from "@hubspot/ui-extensions";

import { useVoice } from "../voice.ts";

interface UnreachedProps {
  refused: boolean;
  again: () => void;
}

/** Gensvar is down, or does not know this account; both say what to do. */
export function Unreached({ refused, again }: UnreachedProps) {
  const { say } = useVoice();
  return (
    <ErrorState title={say(refused ? "refused" : "unreachable")} type={refused ? "lock" : "error"}>
      <Text>{say(refused ? "refused_hint" : "unreachable_hint")}</Text>
      <Button onClick={again}>{say("try_again")}</Button>
    </ErrorState>
  );
}
