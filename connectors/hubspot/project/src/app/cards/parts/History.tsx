import { Accordion, Alert, Button, Flex, Text } from "@hubspot/ui-extensions";

import type { Answer, CardDocument } from "../document.ts";
import type { Latest } from "../latest.ts";
import type { Reading } from "../shared/useReading.ts";
import { moment } from "../shared/when.ts";
import { otherAnswers } from "../standing.ts";
import { useServer } from "../useServer.ts";
import { useVoice } from "../voice.ts";
import { About } from "./About.tsx";
import { Comment } from "./Comment.tsx";
import { Loading } from "./Instead.tsx";
import { Score } from "./Score.tsx";

interface HistoryProps {
  latest: Latest;
  reading: Reading<CardDocument>;
  open: boolean;
}

/** The answers before, from Gensvar. Without it the rest of the card stands, and there is a way to try again. */
export function History({ latest, reading, open }: HistoryProps) {
  if (reading.name === "loading") return <Loading />;
  if (reading.name !== "reached") return <Unreachable />;
  return <Answers document={reading.document} latest={latest} open={open} />;
}

function Answers({ document, latest, open }: { document: CardDocument; latest: Latest; open: boolean }) {
  const { say } = useVoice();
  const answers = otherAnswers(latest, document);
  if (answers.length === 0) return <Text>{say("no_history")}</Text>;
  return (
    <Accordion title={say("history")} defaultOpen={open}>
      <Flex direction="column" gap="md">
        {answers.map((answer) => (
          <Earlier key={answer.id} answer={answer} />
        ))}
        {document.more ? (
          <Text variant="microcopy">{say("more_history", { count: document.answers.length })}</Text>
        ) : null}
      </Flex>
    </Accordion>
  );
}

function Earlier({ answer }: { answer: Answer }) {
  const { date } = useVoice();
  const at = moment(answer.answered_at);
  return (
    <Flex direction="column" gap="xs">
      <Score score={answer.score} before={answer.before} />
      {at ? <Text variant="microcopy">{date(at)}</Text> : null}
      <About touchpoint={answer.touchpoint} kind={answer.kind} />
      {answer.comment.trim() ? <Comment text={answer.comment} /> : null}
    </Flex>
  );
}

function Unreachable() {
  const { say } = useVoice();
  const { again } = useServer();
  return (
    <Alert title={say("history_unreachable")} variant="warning">
      <Text>{say("actions_unreachable")}</Text>
      <Button onClick={again}>{say("try_again")}</Button>
    </Alert>
  );
}
