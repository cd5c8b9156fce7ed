import { Button, Input, LoadingButton, Select } from "@hubspot/ui-extensions";
import { beforeEach, expect, test } from "vitest";

import { sample } from "./samples.ts";
import { card, choosing, Gensvar, later, open } from "./support.tsx";

const ASK = "/hubspot/card/ask";
const LINK = "https://nps.example.com/s/abc";
const ASKED = sample("asked");
let gensvar: Gensvar;

beforeEach(() => {
  gensvar = new Gensvar().sends("/hubspot/card", card());
});

/** The card with the form open. */
async function form() {
  const page = open({ user: { locale: "en-GB" } });
  const button = (name: string) => page.find(Button, (each) => each.text === name);
  await page.waitFor(() => button("Send a survey now"));
  button("Send a survey now").trigger("onClick");
  const choose = (value: string) => choosing(page.find(Select), value);
  const send = () => page.find(LoadingButton).trigger("onClick");
  return { page, button, choose, send };
}

test("asked: the rep gets the link, and can copy it", async () => {
  gensvar.sends(ASK, ASKED);
  const { page, button, choose, send } = await form();
  choose("support-case");
  send();
  await page.waitFor(() => page.find(Input));

  expect(gensvar.to(ASK).map(({ method, body }) => ({ method, body }))).toEqual([
    { method: "POST", body: { contact: "51", touchpoint: "support-case" } },
  ]);
  expect(page.find(Input).props).toMatchObject({ value: LINK, readOnly: true });
  button("Copy the link").trigger("onClick");
  await page.waitFor(() => expect(page.words()).toContain("Copied."));
  expect(page.mocks.actions.copyTextToClipboard.calls).toEqual([[LINK]]);
});

test("the link stays when the card cannot be read again", async () => {
  gensvar.sends(ASK, ASKED);
  const { page, choose, send } = await form();
  gensvar.on("/hubspot/card", () => new Response("", { status: 503 }));
  choose("support-case");
  send();
  await page.waitFor(() => page.find(Input));

  expect(gensvar.to("/hubspot/card")).toHaveLength(2);
  expect(page.find(Input).props.value).toBe(LINK);
});

test("a clipboard that is closed to us leaves the link to be copied by hand", async () => {
  gensvar.sends(ASK, ASKED);
  const { page, button, choose, send } = await form();
  page.mocks.actions.copyTextToClipboard.willCall(() => Promise.reject(new Error("denied")));
  choose("support-case");
  send();
  await page.waitFor(() => page.find(Input));
  button("Copy the link").trigger("onClick");
  await new Promise((done) => setTimeout(done, 5));

  expect(page.words()).not.toContain("Copied.");
});

test("not asked: why not, and from when; another touchpoint may be tried", async () => {
  gensvar.on(ASK, (_, body) =>
    Response.json((body as { touchpoint: string }).touchpoint === "onboarding" ? ASKED : sample("refused")),
  );
  const { page, choose, send } = await form();
  choose("support-case");
  send();
  await page.waitFor(() =>
    expect(page.words()).toContain("Not asked: the customer was asked recently"),
  );
  expect(page.words()).toContain("From 24 Dec 2026, 10:00");

  choose("onboarding");
  expect(page.words()).not.toContain("Not asked");
  send();
  await page.waitFor(() => page.find(Input));
});

test("a second click sends nothing: neither while it runs nor after the answer", async () => {
  const slow = later<Response>();
  gensvar.on(ASK, () => slow.promise);
  const { page, choose, send } = await form();
  choose("support-case");
  send();
  send();
  slow.settle(Response.json({ asked: false, reason: "unsubscribed", next_eligible_at: null }));
  await page.waitFor(() => expect(page.words()).toContain("Not asked"));
  send();

  expect(gensvar.to(ASK)).toHaveLength(1);
});

test("an answer that comes after another choice does not show under that choice", async () => {
  const slow = later<Response>();
  gensvar.on(ASK, () => slow.promise);
  const { page, choose, send } = await form();
  choose("support-case");
  send();
  choose("onboarding");
  slow.settle(Response.json({ asked: false, reason: "unsubscribed", next_eligible_at: null }));
  await new Promise((done) => setTimeout(done, 5));

  expect(page.words()).not.toContain("Not asked");
});

test("it did not work: that is said, and a second try works", async () => {
  const { page, choose, send } = await form();
  choose("support-case");
  send();
  await page.waitFor(() => expect(page.words()).toContain("That did not work"));

  gensvar.sends(ASK, ASKED);
  send();
  await page.waitFor(() => page.find(Input));
});

test("nothing chosen: nothing is sent", async () => {
  const { page, send } = await form();
  send();

  expect(page.find(Select).props).toMatchObject({ error: true, validationMessage: "Choose one" });
  expect(gensvar.to(ASK)).toEqual([]);
});

test("the only touchpoint is chosen already", async () => {
  const only = [{ key: "support-case", name: "Support case" }];
  gensvar.sends("/hubspot/card", card({ touchpoints: only }));
  const { page } = await form();

  expect(page.find(Select).props.value).toBe("support-case");
});

test("no touchpoint yet: that is said instead of a button", async () => {
  gensvar.sends("/hubspot/card", card({ touchpoints: [] }));
  const page = open();

  await page.waitFor(() =>
    expect(page.words()).toContain("No touchpoint has been set up yet."),
  );
  expect(page.words()).not.toContain("Send a survey now");
});
