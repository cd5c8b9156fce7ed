import { beforeEach, expect, test } from "vitest";

import {
  fill,
  languageOf,
} from "../../../../connectors/hubspot/project/src/app/cards/shared/language.ts";
import {
  dateWriter,
  moment,
} from "../../../../connectors/hubspot/project/src/app/cards/shared/when.ts";
import { DETRACTOR, Gensvar, open, properties } from "./support.tsx";

beforeEach(() => {
  new Gensvar();
});

test.each([
  [{ language: "sv" }, "sv"],
  [{ language: "sv-SE", locale: "en-US" }, "sv"],
  [{ locale: "nb_NO" }, "no"],
  [{ language: "no" }, "no"],
  [{ language: "nn-NO" }, "no"],
  [{ language: "de" }, "en"],
  [{ language: "" }, "en"],
  [{}, "en"],
])("%j reads %s", (reader, language) => {
  expect(languageOf(reader)).toBe(language);
});

test.each([
  ["sv", "sv-SE", ["3 av 10", "Kritiker", "Ned från 7", "18 nov. 2026 09:00", "Försenad"]],
  ["no", "nb-NO", ["3 av 10", "Kritiker", "Ned fra 7", "18. nov. 2026, 09:00", "Forsinket"]],
  ["en", "en-US", ["3 of 10", "Detractor", "Down from 7", "Nov 18, 2026, 9:00", "Overdue"]],
  ["de", "de-DE", ["3 of 10", "Detractor", "Down from 7", "18.11.2026, 09:00", "Overdue"]],
])("the card in %s, dates as in %s", (language, locale, words) => {
  const page = open({ crm: properties(DETRACTOR), user: { language, locale } });

  for (const word of words) expect(page.words()).toContain(word);
});

test("a locale may be written with a low line", () => {
  const at = new Date("2026-11-18T08:00:00Z");

  expect(dateWriter({ locale: "sv_SE" }, "UTC")(at)).toBe("18 nov. 2026 08:00");
});

test("a locale or a zone that is none does not cost the card", () => {
  const at = new Date("2026-11-18T08:00:00Z");

  expect(dateWriter({ locale: "not a locale" }, "Europe/Oslo")(at)).toContain("Nov 18, 2026");
  expect(dateWriter({ locale: "en" }, "Mars/Olympus")(at)).toContain("Nov 18, 2026");
});

test.each([
  ["1795000000000", 1795000000000],
  ["2026-11-18T08:00:00Z", Date.parse("2026-11-18T08:00:00Z")],
])("%s is a moment", (value, time) => {
  expect(moment(value)?.getTime()).toBe(time);
});

test.each(["", "soon", null, undefined])("%j is none", (value) => {
  expect(moment(value)).toBeNull();
});

test("only what is given is filled in, and what is filled in stays as it is", () => {
  expect(fill("{a} and {b} and {constructor}", { a: "{b}" })).toBe("{b} and {b} and {constructor}");
});
