/** Writes the pages of which tools/pictures.py takes pictures for docs/install-hubspot.md. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Button, Link, Select } from "@hubspot/ui-extensions";
import { createRenderer, type RenderedNode } from "@hubspot/ui-extensions/testing";
import { afterAll, beforeEach, expect, test, vi } from "vitest";

import { Settings } from "../../../../../connectors/hubspot/project/src/app/settings/Settings.tsx";
import { sample } from "../samples.ts";
import { answer, BASE, card, choosing, DETRACTOR, FOLLOW_UP, Gensvar, NOW, open, properties } from "../support.tsx";
import { html } from "./html.ts";

const OUT = fileURLToPath(new URL("../../../../../.cache/pictures", import.meta.url));
const CSS = readFileSync(new URL("page.css", import.meta.url), "utf8");
const COMMENT = "I called twice about the invoice and was promised a call back. Nobody called.";
const DOCUMENT = card({
  answers: [
    answer({ id: "a2", score: 7, before: 9, answered_at: "2026-05-02T10:00:00Z" }),
    answer({ id: "a1", score: 9, touchpoint: "Delivery", answered_at: "2025-11-12T13:20:00Z" }),
  ],
  follow_ups: [FOLLOW_UP],
  last_asked_at: "2026-11-17T09:00:00Z",
  next_ask_at: "2027-02-15T09:00:00Z",
  ask_refusal: "answered_recently",
});
const CONTACT = properties({ ...DETRACTOR, comment: COMMENT });
const GB = { locale: "en-GB" };
let gensvar: Gensvar;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  gensvar = new Gensvar().sends("/hubspot/card", DOCUMENT);
  mkdirSync(OUT, { recursive: true });
});

afterAll(() => {
  vi.useRealTimers();
});

function keep(name: string, root: RenderedNode, width = "") {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><style>${CSS}</style>`;
  writeFileSync(`${OUT}/${name}.html`, `${page}<main class="${width}">${html(root)}</main></html>`);
}

test("the card of a detractor", async () => {
  const page = open({ crm: CONTACT, user: GB });
  await page.waitFor(() => page.find(Button, (button) => button.text === "Mark handled"));
  keep("hubspot-card", page.getRootNode());
});

test("marking handled, in Swedish", async () => {
  const page = open({ crm: CONTACT, user: { language: "sv", locale: "sv-SE" } });
  const handle = () => page.find(Button, (button) => button.text === "Markera som hanterad");
  await page.waitFor(() => handle());
  handle().trigger("onClick");
  choosing(page.find(Select, { name: "cause" }), "slow_reply");
  keep("hubspot-card-handling", page.getRootNode());
});

test("the card while Gensvar is down", async () => {
  gensvar.isDown();
  const page = open({ crm: CONTACT, user: GB });
  await page.waitFor(() => expect(page.words()).toContain("Try again"));
  keep("hubspot-card-down", page.getRootNode());
});

test("the card of a contact that was never asked", async () => {
  gensvar.sends("/hubspot/card", card());
  const page = open({ user: GB });
  await page.waitFor(() => expect(page.words()).toContain("Send a survey now"));
  keep("hubspot-card-never-asked", page.getRootNode());
});

test("the settings page", async () => {
  gensvar.sends("/hubspot/settings", sample("settings"));
  const page = createRenderer("settings");
  page.mocks.context.variables = { baseUrl: BASE };
  Object.assign(page.mocks.context.user, GB);
  page.render(<Settings />);
  await page.waitFor(() => page.find(Link));
  keep("hubspot-settings", page.getRootNode(), "wide");
});
