import { Button, Text } from "@hubspot/ui-extensions";
import { beforeEach, expect, test } from "vitest";

import { beginning } from "../../../../connectors/hubspot/project/src/app/cards/quoted.ts";
import { DETRACTOR, Gensvar, open, properties } from "./support.tsx";

beforeEach(() => {
  new Gensvar();
});

const opened = (comment: string) => open({ crm: properties({ ...DETRACTOR, comment }) });

test("a long comment is folded and can be opened and folded again", () => {
  const comment = `${"Slow and slower. ".repeat(200)}The end.`;
  const page = opened(comment);
  const press = (name: string) =>
    page.find(Button, (button) => button.text === name).trigger("onClick");
  expect(page.words()).not.toContain("The end.");
  expect(page.words()).toMatch(/Slow and slower\. Slow…/);

  press("Show all of it");
  expect(page.words()).toContain("The end.");
  press("Show less");
  expect(page.words()).not.toContain("The end.");
});

test("a short one is not", () => {
  expect(opened("Short.").words()).not.toContain("Show all");
});

test("a text from right to left stays inside its own line, whatever signs it brings", () => {
  const page = opened("\u202eשירות איטי\u2069 מאוד");

  expect(page.find(Text, (text) => text.text?.includes("שירות") === true).text).toBe(
    "\u2068שירות איטי מאוד\u2069",
  );
});

test("lines stay lines", () => {
  const page = opened("First.\r\n\r\nSecond.");
  const texts = page.findAll(Text).map(({ text }) => text);

  expect(texts).toContain("\u2068First.\u2069");
  expect(texts).toContain("\u2068Second.\u2069");
});

test.each(["", "  \n"])("%j is no comment", (comment) => {
  expect(opened(comment).words()).toContain("No comment was left.");
});

test("markup is text", () => {
  expect(opened("<b onclick=x>hi</b>").words()).toContain("<b onclick=x>hi</b>");
});

test("a text without spaces is cut too, and never in the middle of a sign", () => {
  expect(beginning("😀".repeat(200))).toMatch(/^(😀)+…$/u);
  expect(beginning("a".repeat(281))).toBe(`${"a".repeat(280)}…`);
  expect(beginning("a".repeat(280))).toBeNull();
});
