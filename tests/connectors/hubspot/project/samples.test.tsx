import { expect, test } from "vitest";

import { readCard } from "../../../../connectors/hubspot/project/src/app/cards/document.ts";
import { readSettings } from "../../../../connectors/hubspot/project/src/app/settings/document.ts";
import { sample } from "./samples.ts";
import { DETRACTOR, Gensvar, open, properties } from "./support.tsx";

test("what Gensvar answers about a contact is a card", async () => {
  new Gensvar().sends("/hubspot/card", sample("card"));
  const page = open({ crm: properties(DETRACTOR), user: { locale: "en-GB" } });

  await page.waitFor(() => expect(page.words()).toContain("Mark handled"));
  expect(page.words()).toContain("The customer does not want to be contacted.");
  expect(page.words().match(/\d+ of 10/g)).toEqual(["3 of 10", "7 of 10"]);
  expect(page.words()).toContain("2 May 2026, 12:00");
});

test("each of its documents is taken, and nothing else is", () => {
  expect(readCard(sample("card"))).not.toBeNull();
  expect(readSettings(sample("settings"))).not.toBeNull();
  for (const other of [null, "text", 7, [], {}, { answers: [], follow_ups: {} }]) {
    expect(readCard(other)).toBeNull();
    expect(readSettings(other)).toBeNull();
  }
});
