import { Alert, Tag } from "@hubspot/ui-extensions";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { answer, card, DETRACTOR, FOLLOW_UP, Gensvar, ms, NOW, open, properties } from "./support.tsx";

let gensvar: Gensvar;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  gensvar = new Gensvar();
});

afterEach(() => {
  vi.useRealTimers();
});

test("our server is down: all that is latest still shows, and what cannot be fetched is said", async () => {
  gensvar.isDown();
  const page = open({ crm: properties(DETRACTOR), user: { locale: "en-GB" } });
  await page.waitFor(() => page.find(Alert));

  for (const word of [
    "3 of 10",
    "Detractor",
    "Nobody called me back.",
    "Support case · Transactional",
    "Down from 7",
    "18 Nov 2026, 09:00",
    "Open: we owe a reply",
    "Overdue",
    "Ada Admin",
    "20 Nov 2026, 09:00",
    "17 Nov 2026, 10:00",
    "From 15 Feb 2027, 10:00",
    "Not now: the customer answered recently",
    "Earlier answers cannot be fetched just now. The rest is read from the contact itself.",
    "Try again",
  ]) {
    expect(page.words()).toContain(word);
  }
});

test("an answer of the server's that is no document counts as down", async () => {
  gensvar.on("/hubspot/card", () => new Response("<h1>Bad gateway</h1>", { status: 200 }));
  const page = open({ crm: properties(DETRACTOR) });

  await page.waitFor(() => expect(page.words()).toContain("Earlier answers cannot be fetched"));
  expect(page.words()).toContain("3 of 10");
});

test.each([
  ["0", "Detractor", "error"],
  ["6", "Detractor", "error"],
  ["7", "Passive", "warning"],
  ["8", "Passive", "warning"],
  ["9", "Promoter", "success"],
  ["10", "Promoter", "success"],
])("%s is said as %s, and has that category's colour", (score, category, variant) => {
  const page = open({ crm: properties({ score }) });

  expect(page.find(Tag, { variant: variant as "error" }).text).toBe(category);
});

test.each([
  ["7", "Down from 7"],
  ["2", "Up from 2"],
  ["3", "Same as before"],
  [null, "First answer"],
])("before it was %s: %s", (previous_score, direction) => {
  const page = open({ crm: properties({ ...DETRACTOR, previous_score }) });

  expect(page.words()).toContain(direction);
});

test.each(["", "eleven", "11", "-1", "3.5"])("%j is no score, so there is no answer", (score) => {
  const page = open({ crm: properties({ ...DETRACTOR, score }) });

  expect(page.words()).not.toContain("of 10");
});

test("a follow-up that is not late is not called late, and nobody owns it yet", () => {
  const crm = properties({
    ...DETRACTOR,
    follow_up_owner: "",
    follow_up_due: ms("2026-11-22T08:00:00Z"),
  });
  const page = open({ crm });

  expect(page.words()).toContain("Nobody yet");
  expect(page.words()).not.toContain("Overdue");
});

test.each([
  ["closed", "Closed"],
  [null, "None needed"],
])("a follow-up that is %s reads %s", (follow_up, words) => {
  expect(open({ crm: properties({ ...DETRACTOR, follow_up }) }).words()).toContain(words);
});

test("what Gensvar knows of the follow-up goes before HubSpot's copy of it", async () => {
  gensvar.sends("/hubspot/card", card({ follow_ups: [{ ...FOLLOW_UP, owner: "Bo Berg" }] }));
  const page = open({ crm: properties(DETRACTOR) });
  await page.waitFor(() => expect(page.words()).toContain("Bo Berg"));

  gensvar.sends("/hubspot/card", card({ follow_ups: [{ ...FOLLOW_UP, state: "closed" }] }));
  const later = open({ crm: properties(DETRACTOR) });
  await later.waitFor(() => expect(later.words()).toContain("Closed"));
});

test("who does not want to be contacted is shown so", async () => {
  const shown = answer({ answered_at: "2026-11-18T08:00:00Z", may_contact: false });
  gensvar.sends("/hubspot/card", card({ answers: [shown] }));
  const page = open({ crm: properties(DETRACTOR) });

  await page.waitFor(() =>
    expect(page.words()).toContain("The customer does not want to be contacted."),
  );
});

test("a refusal with a date is over on that date, though nobody has told the property", () => {
  const crm = properties({ ...DETRACTOR, next_ask_at: ms("2026-11-20T00:00:00Z") });

  expect(open({ crm }).words()).not.toContain("Not now");
});

test("a reason this version does not know is shown as it came", () => {
  const crm = properties({ ...DETRACTOR, ask_refusal: "full_moon" });

  expect(open({ crm }).words()).toContain("Not now: full_moon");
});
