/** What can be checked of the vendor's guidance: names for everything that acts or shows, and no colour alone.
 *
 * https://developers.hubspot.com/docs/apps/developer-platform/add-features/ui-extensibility/ui-components/overview */
import {
  Alert,
  Button,
  Input,
  LoadingButton,
  LoadingSpinner,
  Select,
  Tag,
} from "@hubspot/ui-extensions";
import { beforeEach, expect, test } from "vitest";

import { answer, card, DETRACTOR, FOLLOW_UP, Gensvar, open, properties } from "./support.tsx";

let gensvar: Gensvar;
type Page = ReturnType<typeof open>;

beforeEach(() => {
  gensvar = new Gensvar();
});

function press(page: Page, name: string) {
  page.find(Button, (button) => button.text === name).trigger("onClick");
}

async function everyFormOpen() {
  const document = card({ follow_ups: [FOLLOW_UP], answers: [answer()], more: true });
  gensvar.sends("/hubspot/card", document);
  const page = open({ crm: properties({ ...DETRACTOR, comment: "long ".repeat(200) }) });
  await page.waitFor(() => page.find(Button, (button) => button.text === "Mark handled"));
  press(page, "Mark handled");
  press(page, "Send a survey now");
  return page;
}

const PAGES: Record<string, () => Promise<Page>> = {
  down: async () => {
    const page = open({ crm: properties(DETRACTOR) });
    await page.waitFor(() => page.find(Alert));
    return page;
  },
  "not set up": async () => open({ crm: {} }),
  loading: async () => open(),
  "every form open": everyFormOpen,
};

test.each(Object.entries(PAGES))("%s: everything has a name", async (_, opened) => {
  const page = await opened();

  const named = [
    ...page.findAll(Select).map(({ props }) => props.label),
    ...page.findAll(Input).map(({ props }) => props.label),
    ...page.findAll(LoadingSpinner).map(({ props }) => props.label),
    ...page.findAll(Alert).map(({ props }) => props.title),
    ...page.findAll(Button).map(({ text }) => text),
    ...page.findAll(LoadingButton).map(({ text }) => text),
    ...page.findAll(Tag).map(({ text }) => text),
  ];
  expect(named.length).toBeGreaterThan(0);
  for (const each of named) expect(each).toMatch(/\p{L}/u);
});

test("fields of a form are told apart, and say that they are required", async () => {
  const page = await everyFormOpen();
  const selects = page.findAll(Select).map(({ props }) => props);

  expect(new Set(selects.map(({ label }) => label)).size).toBe(3);
  expect(new Set(selects.map(({ name }) => name)).size).toBe(3);
  expect(selects.every(({ required }) => required)).toBe(true);
});

test("a category is told without its colour", () => {
  const words = ["3", "7", "9"].map((score) => open({ crm: properties({ score }) }).find(Tag).text);

  expect(words).toEqual(["Detractor", "Passive", "Promoter"]);
});
