import { Alert, Button, Flex, LoadingButton } from "@hubspot/ui-extensions";

import type { Doing } from "../useAction.ts";
import { useVoice } from "../voice.ts";

interface SubmitProps {
  label: string;
  doing: Doing<unknown>;
  submit: () => void;
  cancel: () => void;
}

/** The buttons under a form, and what to know when it did not work. */
export function Submit({ label, doing, submit, cancel }: SubmitProps) {
  const { say } = useVoice();
  const busy = doing.name === "under_way";
  return (
    <Flex direction="column" gap="sm">
      {doing.name === "failed" ? <Alert title={say("failed")} variant="error" /> : null}
      <Flex direction="row" gap="sm">
        <LoadingButton variant="primary" loading={busy} onClick={submit}>
          {label}
        </LoadingButton>
        <Button onClick={cancel} disabled={busy}>
          {say("cancel")}
        </Button>
      </Flex>
    </Flex>
  );
}
