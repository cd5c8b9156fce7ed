import { Select } from "@hubspot/ui-extensions";

import { type Choice, useVoice } from "../voice.ts";

interface ChooseProps {
  name: string;
  label: string;
  options: Choice[];
  value: string;
  missing: boolean;
  choose: (value: string) => void;
}

/** One choice that must be made; says so when it was not. */
export function Choose({ choose, missing, ...select }: ChooseProps) {
  const { say } = useVoice();
  return (
    <Select
      {...select}
      required
      placeholder={say("choose")}
      error={missing}
      validationMessage={missing ? say("choose") : ""}
      onChange={(value) => choose(String(value))}
    />
  );
}
