import { Alert, Flex, Text } from "@hubspot/ui-extensions";
import { useState } from "react";

import type { Asked, Touchpoint } from "../document.ts";
import { moment } from "../shared/when.ts";
import { useAction } from "../useAction.ts";
import { useServer } from "../useServer.ts";
import { useVoice } from "../voice.ts";
import { Choose } from "./Choose.tsx";
import { SurveyLink } from "./SurveyLink.tsx";
import { Submit } from "./Submit.tsx";

interface AskFormProps {
  touchpoints: Touchpoint[];
  close: () => void;
}

/** Asks about one touchpoint, by the same rules as any ask: the rep gets a link to send, or why not. */
export function AskForm({ touchpoints, close }: AskFormProps) {
  const { say } = useVoice();
  const { post, again } = useServer();
  const [only] = touchpoints.length === 1 ? touchpoints : [];
  const [touchpoint, setTouchpoint] = useState(only?.key ?? "");
  const [checked, setChecked] = useState(false);
  const [doing, send, forget] = useAction(async () => {
    const asked = await post<Asked>("ask", { touchpoint });
    if (asked.asked) again();
    return asked;
  });

  if (doing.name === "done" && doing.result.asked) return <SurveyLink url={doing.result.url} />;
  const choose = (key: string) => {
    setTouchpoint(key);
    forget();
  };
  const submit = () => (touchpoint ? send() : setChecked(true));
  const options = touchpoints.map(({ key, name }) => ({ value: key, label: name }));
  return (
    <Flex direction="column" gap="sm">
      <Choose
        name="touchpoint"
        label={say("send_about")}
        options={options}
        value={touchpoint}
        choose={choose}
        missing={checked && !touchpoint}
      />
      {doing.name === "done" && !doing.result.asked ? <NotAsked {...doing.result} /> : null}
      <Submit label={say("send")} doing={doing} submit={submit} cancel={close} />
    </Flex>
  );
}

function NotAsked({ reason, next_eligible_at }: Extract<Asked, { asked: false }>) {
  const voice = useVoice();
  const next = moment(next_eligible_at);
  return (
    <Alert title={voice.say("send_refused", { reason: voice.reason(reason) })} variant="warning">
      {next ? <Text>{voice.say("next_ask_from", { when: voice.date(next) })}</Text> : null}
    </Alert>
  );
}
