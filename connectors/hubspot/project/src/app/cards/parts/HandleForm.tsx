import { Alert, Flex } from "@hubspot/ui-extensions";
import { useState } from "react";

import { useAction } from "../useAction.ts";
import { useServer } from "../useServer.ts";
import { useVoice } from "../voice.ts";
import { Choose } from "./Choose.tsx";
import { Submit } from "./Submit.tsx";

interface HandleFormProps {
  followUp: string;
  close: () => void;
}

/** Why the customer was unhappy and what came of it; saving closes the follow-up here, in HubSpot and in Gensvar. */
export function HandleForm({ followUp, close }: HandleFormProps) {
  const { say, causes, outcomes } = useVoice();
  const { post, again } = useServer();
  const [cause, setCause] = useState("");
  const [outcome, setOutcome] = useState("");
  const [checked, setChecked] = useState(false);
  const [doing, save] = useAction(async () => {
    await post("handled", { follow_up: followUp, cause, outcome });
    again();
  });

  if (doing.name === "done") return <Alert title={say("handled")} variant="success" />;
  const submit = () => (cause && outcome ? save() : setChecked(true));
  return (
    <Flex direction="column" gap="sm">
      <Choose
        name="cause"
        label={say("cause")}
        options={causes}
        value={cause}
        choose={setCause}
        missing={checked && !cause}
      />
      <Choose
        name="outcome"
        label={say("outcome")}
        options={outcomes}
        value={outcome}
        choose={setOutcome}
        missing={checked && !outcome}
      />
      <Submit label={say("save")} doing={doing} submit={submit} cancel={close} />
    </Flex>
  );
}
