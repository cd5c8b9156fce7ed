export type Language = "en" | "sv" | "no";

/** What HubSpot says of the user: the language of its pages, and the region for dates. */
export interface Reader {
  language?: string;
  locale?: string;
}

/** The language of ours that the user reads. Bokmål and Nynorsk are one here; all others read English. */
export function languageOf(reader: Reader): Language {
  const [first] = (reader.language ?? reader.locale ?? "").toLowerCase().split(/[-_]/);
  if (first === "no" || first === "nb" || first === "nn") return "no";
  return first === "sv" ? "sv" : "en";
}

/** A sentence with its `{names}` replaced by what is given. */
export function fill(sentence: string, values: Record<string, string | number> = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
