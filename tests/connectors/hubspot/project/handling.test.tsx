import { Button, LoadingButton, Select } from "@hubspot/ui-extensions";
import { beforeEach, expect, test } from "vitest";

import { sample } from "./samples.ts";
import { card, choosing, DETRACTOR, FOLLOW_UP, Gensvar, later, open, properties } from "./support.tsx";

const HANDLED = "/hubspot/card/handled";
let gensvar: Gensvar;

beforeEach(() => {
  gensvar = new Gensvar().sends("/hubspot/card", card({ follow_ups: [FOLLOW_UP] }));
});

/** The card with the form open. */
async function form() {
  const page = open({ crm: properties(DETRACTOR) });
  const button = (name: string) => page.find(Button, (each) => each.text === name);
  await page.waitFor(() => button("Mark handled"));
  button("Mark handled").trigger("onClick");
  const choose = (name: string, value: string) => choosing(page.find(Select, { name }), value);
  const save = () => page.find(LoadingButton).trigger("onClick");
  return { page, button, choose, save };
}

function choices(page: Awaited<ReturnType<typeof form>>["page"], name: string) {
  return page.find(Select, { name }).props.options.map(({ value }) => value);
}

test("the causes and outcomes are those of every other place", async () => {
  const { page } = await form();

  expect(choices(page, "cause")).toEqual([
    "unclear_communication",
    "slow_reply",
    "missing_follow_up",
    "unmet_expectation",
    "no_personal_contact",
    "product_fault",
    "price",
    "other",
  ]);
  expect(choices(page, "outcome")).toEqual(["solved", "partly", "not_solved", "not_reached"]);
});

test("saved: the case is closed and the card says so", async () => {
  const { page, choose, save } = await form();
  gensvar.sends(HANDLED, sample("handled"));
  gensvar.sends("/hubspot/card", card({ follow_ups: [{ ...FOLLOW_UP, state: "closed" }] }));
  choose("cause", "slow_reply");
  choose("outcome", "solved");
  save();
  await page.waitFor(() => expect(page.words()).toContain("Closed"));

  expect(gensvar.to(HANDLED).map(({ method, body }) => ({ method, body }))).toEqual([
    {
      method: "POST",
      body: { contact: "51", follow_up: "f1", cause: "slow_reply", outcome: "solved" },
    },
  ]);
});

test("saved, but the card could not be read again: what was done is still said", async () => {
  const { page, choose, save } = await form();
  gensvar.isDown().sends(HANDLED, sample("handled"));
  choose("cause", "price");
  choose("outcome", "partly");
  save();

  await page.waitFor(() => expect(page.words()).toContain("Saved. The follow-up is closed."));
});

test("nothing chosen: nothing is sent, and each choice says what is missing", async () => {
  const { page, save } = await form();
  save();

  expect(page.findAll(Select).map(({ props }) => [props.error, props.validationMessage])).toEqual([
    [true, "Choose one"],
    [true, "Choose one"],
  ]);
  expect(gensvar.to(HANDLED)).toEqual([]);
});

test("one of the two is not enough", async () => {
  const { page, choose, save } = await form();
  choose("cause", "price");
  save();

  expect(page.findAll(Select).map(({ props }) => props.error)).toEqual([false, true]);
  expect(gensvar.to(HANDLED)).toEqual([]);
});

test("a second click while it is saved sends nothing", async () => {
  const { page, choose, save } = await form();
  const slow = later<Response>();
  gensvar.on(HANDLED, () => slow.promise);
  choose("cause", "price");
  choose("outcome", "solved");
  save();
  await page.waitFor(() => expect(page.find(LoadingButton).props.loading).toBe(true));
  save();
  slow.settle(Response.json(sample("handled")));
  await page.waitFor(() => expect(page.words()).toContain("Saved."));

  expect(gensvar.to(HANDLED)).toHaveLength(1);
});

test("it did not work: that is said, the choices stay, and a second try works", async () => {
  const { page, choose, save } = await form();
  gensvar.on(HANDLED, () => Response.json({ code: "storage_unavailable" }, { status: 503 }));
  choose("cause", "price");
  choose("outcome", "solved");
  save();
  await page.waitFor(() => expect(page.words()).toContain("That did not work"));
  expect(page.find(Select, { name: "cause" }).props.value).toBe("price");

  gensvar.sends(HANDLED, sample("handled"));
  save();
  await page.waitFor(() => expect(page.words()).toContain("Saved."));
});

test("cancel closes the form and sends nothing", async () => {
  const { page, button } = await form();
  button("Cancel").trigger("onClick");

  expect(page.maybeFind(Select)).toBeNull();
  expect(gensvar.to(HANDLED)).toEqual([]);
});

test("while Gensvar is down the case is shown without a button that cannot work", async () => {
  gensvar.isDown();
  const page = open({ crm: properties(DETRACTOR) });
  await page.waitFor(() => expect(page.words()).toContain("cannot be fetched"));

  expect(page.words()).toContain("Open: we owe a reply");
  expect(page.words()).not.toContain("Mark handled");
});
