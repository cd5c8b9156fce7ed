import { Accordion, Button } from "@hubspot/ui-extensions";
import { beforeEach, expect, test } from "vitest";

import { answer, card, DETRACTOR, Gensvar, open, properties } from "./support.tsx";

let gensvar: Gensvar;

beforeEach(() => {
  gensvar = new Gensvar();
});

test("earlier answers, each with its direction; the one on top is not repeated", async () => {
  const answers = [
    answer({ id: "a3", score: 3, answered_at: "2026-11-18T08:00:00Z", before: 7 }),
    answer({ id: "a2", score: 7, before: 9, comment: "Fine." }),
    answer({ id: "a1", score: 9, kind: "relational", touchpoint: "Relation" }),
  ];
  gensvar.sends("/hubspot/card", card({ answers }));
  const page = open({ crm: properties(DETRACTOR), place: "crm.record.tab" });
  await page.waitFor(() => page.find(Accordion));

  expect(page.words().match(/\d+ of 10/g)).toEqual(["3 of 10", "7 of 10", "9 of 10"]);
  expect(page.words()).toContain("Down from 9");
  expect(page.words()).toContain("First answer");
  expect(page.words()).toContain("Relation · Relational");
  expect(page.words()).toContain("Fine.");
});

test.each([
  ["crm.record.tab", true],
  ["crm.record.sidebar", false],
] as const)("in %s the history is open: %s", async (place, defaultOpen) => {
  gensvar.sends("/hubspot/card", card({ answers: [answer()] }));
  const page = open({ crm: properties(DETRACTOR), place });

  await page.waitFor(() => expect(page.find(Accordion).props.defaultOpen).toBe(defaultOpen));
});

test("an answer that HubSpot has not got yet stands in the history", async () => {
  gensvar.sends("/hubspot/card", card({ answers: [answer({ score: 1 })] }));
  const page = open();

  await page.waitFor(() => expect(page.words()).toContain("1 of 10"));
});

test("more than are shown: that is said", async () => {
  gensvar.sends("/hubspot/card", card({ answers: [answer()], more: true }));
  const page = open({ crm: properties(DETRACTOR) });

  await page.waitFor(() => expect(page.words()).toContain("Only the newest 1 are shown."));
});

test("Gensvar comes back: try again shows the history and the actions", async () => {
  gensvar.isDown();
  const page = open({ crm: properties(DETRACTOR) });
  await page.waitFor(() => expect(page.words()).toContain("cannot be fetched"));

  gensvar.sends("/hubspot/card", card({ answers: [answer()] }));
  page.find(Button, (button) => button.text === "Try again").trigger("onClick");
  await page.waitFor(() => expect(page.words()).toContain("Earlier answers"));
  expect(page.words()).toContain("Send a survey now");
  expect(page.words()).not.toContain("cannot be fetched");
});

test("the contact is asked for by its id, and nothing else is sent", async () => {
  gensvar.sends("/hubspot/card", card());
  const page = open({ contact: 4711 });
  await page.waitFor(() => expect(page.words()).toContain("No earlier answers."));

  expect(gensvar.requests.map(({ url }) => url.href)).toEqual([
    "https://nps.example.com/hubspot/card?contact=4711",
  ]);
});
