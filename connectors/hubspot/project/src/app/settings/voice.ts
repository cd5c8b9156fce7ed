import { createContext, useContext } from "react";

import { languageOf, type Reader } from "./shared/language.ts";
import { dateWriter, type WriteDate } from "./shared/when.ts";
import { texts } from "./words.ts";

export type TextKey = keyof (typeof texts)["en"];

/** The words and dates of the page, in the language and form of the user who reads it. */
export interface Voice {
  say: (key: TextKey) => string;
  state: (name: string) => string;
  date: WriteDate;
}

export function voiceFor(reader: Reader, timeZone: string): Voice {
  const words: Record<string, string> = texts[languageOf(reader)];
  return {
    say: (key) => texts[languageOf(reader)][key],
    state: (name) => (Object.hasOwn(words, name) ? words[name] : undefined) ?? name,
    date: dateWriter(reader, timeZone),
  };
}

const VoiceContext = createContext<Voice>(voiceFor({}, "UTC"));
export const VoiceProvider = VoiceContext.Provider;
export const useVoice = (): Voice => useContext(VoiceContext);
