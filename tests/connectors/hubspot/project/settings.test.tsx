import { Button, ErrorState, Link, LoadingSpinner, Tag } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { beforeEach, expect, test } from "vitest";

import { Settings } from "../../../../connectors/hubspot/project/src/app/settings/Settings.tsx";
import { sample } from "./samples.ts";
import { BASE, Gensvar, later, wordsOf } from "./support.tsx";

const PATH = "/hubspot/settings";
const WELL = sample("settings");
let gensvar: Gensvar;

beforeEach(() => {
  gensvar = new Gensvar();
});

function open(user = {}) {
  const page = createRenderer("settings");
  const { context } = page.mocks;
  context.variables = { baseUrl: BASE };
  context.portal.timezone = "Europe/Oslo";
  Object.assign(context.user, user);
  page.render(<Settings />);
  return { ...page, words: () => wordsOf(page.getRootNode()) };
}

test("a connection that works: its account, what waits, and the way to the admin pages", async () => {
  gensvar.sends(PATH, WELL);
  const page = open({ locale: "en-GB" });
  await page.waitFor(() => page.find(Link));

  for (const word of ["nordlys.example", "Connected", "21 Nov 2026, 12:58", "4", "0.1.0"]) {
    expect(page.words()).toContain(word);
  }
  expect(page.find(Link).props.href).toEqual({ url: WELL.admin_url, external: true });
});

test("each right says what it is for and whether it was given", async () => {
  gensvar.sends(PATH, WELL);
  const page = open();
  await page.waitFor(() => page.find(Link));

  expect(page.words()).toContain("to connect at all");
  expect(page.findAll(Tag).map(({ text, props }) => [text, props.variant])).toEqual([
    ["Granted", "success"],
    ["Missing", "error"],
    ["Not granted, optional", undefined],
  ]);
});

test("a connection that is broken says what is wrong, in Gensvar's words", async () => {
  const words = "HubSpot no longer accepts our access.";
  gensvar.sends(PATH, { ...WELL, state: "needs_reconnect", words, last_success_at: null });
  const page = open();

  await page.waitFor(() => expect(page.words()).toContain("Must be connected again"));
  expect(page.words()).toContain(words);
  expect(page.words()).toContain("Never");
});

test("a state this version does not know is shown as it came", async () => {
  gensvar.sends(PATH, { ...WELL, state: "moving" });
  const page = open();

  await page.waitFor(() => expect(page.words()).toContain("moving"));
});

test("loading is said in words", () => {
  const { promise } = later<Response>();
  gensvar.on(PATH, () => promise);

  expect(open().find(LoadingSpinner).props.label).toBe("Loading");
});

test("Gensvar is down: what to do, and a way to try again", async () => {
  const page = open();
  await page.waitFor(() => page.find(ErrorState));
  expect(page.words()).toContain("Gensvar cannot be reached just now.");
  expect(page.words()).toContain("gensvar doctor");

  gensvar.sends(PATH, WELL);
  page.find(Button).trigger("onClick");
  await page.waitFor(() => expect(page.words()).toContain("nordlys.example"));
});

test("an account Gensvar does not know: where to connect it", async () => {
  gensvar.on(PATH, () => Response.json({ code: "not_found" }, { status: 404 }));
  const page = open();

  await page.waitFor(() =>
    expect(page.words()).toContain("This account is not connected to Gensvar."),
  );
  expect(page.words()).toContain("under Installations");
});

test.each([
  ["sv", "Ansluten"],
  ["nb", "Tilkoblet"],
])("in %s", async (language, words) => {
  gensvar.sends(PATH, WELL);
  const page = open({ language });

  await page.waitFor(() => expect(page.words()).toContain(words));
});
