import { DescriptionList, DescriptionListItem, Flex, Text } from "@hubspot/ui-extensions";

import type { Latest } from "../latest.ts";
import { useVoice } from "../voice.ts";
import { Comment } from "./Comment.tsx";
import { Score } from "./Score.tsx";
import { About } from "./About.tsx";

interface AnsweredProps {
  latest: Latest;
  score: number;
}

/** The newest answer. */
export function Answered({ latest, score }: AnsweredProps) {
  const { say, date } = useVoice();
  return (
    <Flex direction="column" gap="sm">
      <Score score={score} before={latest.previousScore} />
      <DescriptionList direction="row">
        <DescriptionListItem label={say("answered")}>
          <Text>{latest.answeredAt ? date(latest.answeredAt) : "–"}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={say("touchpoint")}>
          <About touchpoint={latest.touchpoint} kind={latest.kind} />
        </DescriptionListItem>
      </DescriptionList>
      <Text format={{ fontWeight: "demibold" }}>{say("comment")}</Text>
      {latest.comment.trim() ? <Comment text={latest.comment} /> : <Text>{say("no_comment")}</Text>}
    </Flex>
  );
}
