import { Button, EmptyState, ErrorState, LoadingSpinner, Text } from "@hubspot/ui-extensions";

import { useVoice } from "../voice.ts";

interface WayOut {
  again: () => void;
}

export function Loading() {
  const { say } = useVoice();
  return <LoadingSpinner label={say("loading")} showLabel layout="centered" size="md" />;
}

export function Unreadable({ again }: WayOut) {
  const { say } = useVoice();
  return (
    <ErrorState title={say("unreadable")}>
      <Button onClick={again}>{say("try_again")}</Button>
    </ErrorState>
  );
}

/** The fields are missing, or this user may not see one of them: only an administrator can tell. */
export function NotSetUp({ again }: WayOut) {
  const { say } = useVoice();
  return (
    <ErrorState title={say("title_not_set_up")} type="lock">
      <Text>{say("not_set_up")}</Text>
      <Button onClick={again}>{say("try_again")}</Button>
    </ErrorState>
  );
}

export function NoAnswer({ lastAskedAt }: { lastAskedAt: Date | null }) {
  const { say, date } = useVoice();
  const title = lastAskedAt ? say("no_answer", { when: date(lastAskedAt) }) : say("never_asked");
  return (
    <EmptyState title={title} layout="vertical" imageWidth={90} reverseOrder flush>
      <Text>{say("no_answer_hint")}</Text>
    </EmptyState>
  );
}
