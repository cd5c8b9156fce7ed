import { languageOf, type Reader } from "./language.ts";

export type WriteDate = (at: Date) => string;

/** A moment as HubSpot keeps it (milliseconds, as text) or as Gensvar sends it (ISO 8601), or null. */
export function moment(value: string | null | undefined): Date | null {
  if (!value) return null;
  const at = new Date(/^\d+$/.test(value) ? Number(value) : value);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** How this user writes a date and a time, in the account's time zone. */
export function dateWriter(reader: Reader, timeZone: string): WriteDate {
  const format = formatFor((reader.locale ?? languageOf(reader)).replace("_", "-"), timeZone);
  return (at) => format.format(at);
}

function formatFor(locale: string, timeZone: string): Intl.DateTimeFormat {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  try {
    return new Intl.DateTimeFormat(locale, { ...style, timeZone });
  } catch {
    // A locale or zone this browser does not know must not cost the rep the card.
    return new Intl.DateTimeFormat("en", { ...style, timeZone: "UTC" });
  }
}
