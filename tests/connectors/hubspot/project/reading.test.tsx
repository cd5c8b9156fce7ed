import { Button, Text } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";

import { useReading } from "../../../../connectors/hubspot/project/src/app/cards/shared/useReading.ts";
import { BASE, Gensvar, later } from "./support.tsx";

const read = (sent: unknown) => (typeof sent === "string" ? sent : null);

/** Shows what is read; one button asks again, the other asks about somebody else. */
function Reader() {
  const [contact, setContact] = useState("51");
  const [reading, again] = useReading(`${BASE}/x?contact=${contact}`, read);
  return (
    <>
      <Text>{reading.name === "reached" ? reading.document : reading.name}</Text>
      <Button onClick={again}>again</Button>
      <Button onClick={() => setContact("52")}>next</Button>
    </>
  );
}

let gensvar: Gensvar;

function start() {
  const page = createRenderer("crm.record.tab");
  page.render(<Reader />);
  const press = (name: string) =>
    page.find(Button, (button) => button.text === name).trigger("onClick");
  const shows = (words: string) => page.waitFor(() => expect(page.find(Text).text).toBe(words));
  return { press, shows };
}

const settled = () => new Promise((done) => setTimeout(done, 5));

beforeEach(() => {
  gensvar = new Gensvar();
});

test("an answer about the contact before is ignored when it comes late", async () => {
  const late = later<Response>();
  gensvar.on("/x", (url) =>
    url.searchParams.get("contact") === "51" ? late.promise : Response.json("the second"),
  );
  const { press, shows } = start();
  press("next");
  await shows("the second");

  late.settle(Response.json("the first"));
  await settled();
  await shows("the second");
});

test("while somebody else is looked up, the one before is not shown", async () => {
  const { promise } = later<Response>();
  gensvar.on("/x", (url) =>
    url.searchParams.get("contact") === "51" ? Response.json("the first") : promise,
  );
  const { press, shows } = start();
  await shows("the first");

  press("next");
  await shows("loading");
});

test("down, then back: asking again shows it", async () => {
  const { press, shows } = start();
  await shows("unreachable");

  gensvar.sends("/x", "here");
  press("again");
  await shows("here");
});

test("what was read stays when it cannot be renewed", async () => {
  gensvar.sends("/x", "here");
  const { press, shows } = start();
  await shows("here");

  gensvar.isDown();
  press("again");
  await settled();
  await shows("here");
});

test.each([
  [401, "refused"],
  [404, "refused"],
  [429, "unreachable"],
  [503, "unreachable"],
])("%i is %s", async (status, name) => {
  gensvar.on("/x", () => Response.json({ code: "x" }, { status }));

  await start().shows(name);
});
