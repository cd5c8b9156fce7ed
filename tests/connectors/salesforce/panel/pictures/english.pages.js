// What the panel says in a few of its states.
import { speaking, write } from "./page";

const { SCORED, requests, settled, shown } = speaking("en", "en-GB");
const NOTHING = Object.fromEntries(Object.keys(SCORED).map((key) => [key, null]));
const ASKED = { state: "asked", link: "https://nps.example.com/s/9mZk3", created_at: "2026-11-21T11:59:00.000Z" };

test("an open follow-up", async () => {
  write("panel", await shown());
});

test("never asked, and the survey that was asked for", async () => {
  const panel = await shown(NOTHING);
  requests.emit([ASKED]);
  await settled();
  write("panel-never-asked", panel);
});
