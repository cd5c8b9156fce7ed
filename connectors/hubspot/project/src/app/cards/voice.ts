import { createContext, useContext } from "react";

import { fill, type Language, languageOf, type Reader } from "./shared/language.ts";
import { dateWriter, type WriteDate } from "./shared/when.ts";
import { causes, outcomes, reasons, texts } from "./words.ts";

export type TextKey = keyof (typeof texts)["en"];
export interface Choice {
  label: string;
  value: string;
}

/** The words and dates of the card, in the language and form of the user who reads it. */
export interface Voice {
  say: (key: TextKey, values?: Record<string, string | number>) => string;
  reason: (code: string) => string;
  date: WriteDate;
  causes: Choice[];
  outcomes: Choice[];
}

export function voiceFor(reader: Reader, timeZone: string): Voice {
  const language: Language = languageOf(reader);
  const known: Record<string, string> = reasons[language];
  return {
    say: (key, values) => fill(texts[language][key], values),
    reason: (code) => (Object.hasOwn(known, code) ? known[code] : undefined) ?? code,
    date: dateWriter(reader, timeZone),
    causes: choices(causes[language]),
    outcomes: choices(outcomes[language]),
  };
}

const VoiceContext = createContext<Voice>(voiceFor({}, "UTC"));
export const VoiceProvider = VoiceContext.Provider;
export const useVoice = (): Voice => useContext(VoiceContext);

function choices(words: Record<string, string>): Choice[] {
  return Object.entries(words).map(([value, label]) => ({ label, value }));
}
