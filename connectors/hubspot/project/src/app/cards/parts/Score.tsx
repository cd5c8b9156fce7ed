import { Flex, Tag, Text } from "@hubspot/ui-extensions";

import { type Category, categoryOf, directionOf } from "../latest.ts";
import { useVoice } from "../voice.ts";

const COLOURS = { promoter: "success", passive: "warning", detractor: "error" } as const satisfies Record<
  Category,
  string
>;

interface ScoreProps {
  score: number;
  before: number | null;
}

/** The score, its category in words as well as in colour, and where it came from. */
export function Score({ score, before }: ScoreProps) {
  const { say } = useVoice();
  const category = categoryOf(score);
  return (
    <Flex direction="row" align="center" gap="sm" wrap>
      <Text format={{ fontWeight: "bold" }}>{say("score", { score })}</Text>
      <Tag variant={COLOURS[category]}>{say(category)}</Tag>
      <Text>{say(directionOf(score, before), { before: before ?? "" })}</Text>
    </Flex>
  );
}
