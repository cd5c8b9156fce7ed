import { Button, ErrorState, LoadingSpinner } from "@hubspot/ui-extensions";
import { beforeEach, expect, test, vi } from "vitest";

import { Card } from "../../../../connectors/hubspot/project/src/app/cards/Card.tsx";
import { card, Gensvar, ms, open, properties } from "./support.tsx";

const reading = {
  properties: properties(),
  error: null,
  isLoading: false,
  isRefetching: false,
  refetch: async () => {},
};
let gensvar: Gensvar;

beforeEach(() => {
  gensvar = new Gensvar().sends("/hubspot/card", card());
});

test("loading is said in words", () => {
  const page = open();
  page.mocks.useCrmProperties.willCall(() => ({ ...reading, isLoading: true }));
  page.render(<Card />);

  expect(page.find(LoadingSpinner).props.label).toBe("Loading");
});

test("fields that cannot be read: the error has a way out, and a second try shows the card", () => {
  const page = open();
  const refetch = vi.fn(async () => {});
  page.mocks.useCrmProperties.willCall(() => ({ ...reading, error: new Error("x"), refetch }));
  page.render(<Card />);

  expect(page.find(ErrorState).props.title).toBe("The NPS fields cannot be read just now.");
  page.find(Button).trigger("onClick");
  expect(refetch).toHaveBeenCalledOnce();
});

test("fields that are not there: who to ask, and a way to look again", () => {
  const page = open({ crm: {} });

  expect(page.words()).toContain("Ask your administrator.");
  expect(page.find(Button).text).toBe("Try again");
});

test("one field that this user may see is enough to show the card", () => {
  expect(open({ crm: { gensvar_score: "9" } }).words()).toContain("Promoter");
});

test("never asked", async () => {
  const page = open();
  await page.waitFor(() => expect(page.words()).toContain("Send a survey now"));

  expect(page.words()).toContain("This contact has never been asked.");
  expect(page.words()).toContain("No earlier answers.");
});

test("asked, no answer", () => {
  const crm = properties({ last_asked_at: ms("2026-11-17T09:00:00Z") });
  gensvar.isDown();

  expect(open({ crm, user: { locale: "en-GB" } }).words()).toContain(
    "Asked 17 Nov 2026, 10:00, no answer yet.",
  );
});

test.each([
  ["unsubscribed", "the customer has unsubscribed from our questions"],
  ["opted_out", "the customer has opted out of e-mail"],
  ["erased", "everything about this person was erased"],
])("no answer and %s: the reason is said", (ask_refusal, words) => {
  gensvar.isDown();
  const page = open({ crm: properties({ ask_refusal }) });

  expect(page.words()).toContain("This contact has never been asked.");
  expect(page.words()).toContain(`Not now: ${words}`);
});
