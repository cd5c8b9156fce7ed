// axe over every state; colours are looked at where a browser draws them.
import axe from "axe-core";
import { ANSWERS, answers, mount, person, press, record, requests, settled, shown } from "./panel";

const LINK = { state: "asked", link: "https://nps.example.com/s/abc", created_at: "2026-11-21T11:59:00.000Z" };

async function problems(panel) {
  const found = await axe.run(panel, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
}

const STATES = {
  loading: async () => mount(),
  answered: async () => shown(),
  "never asked": async () => shown({ score: null }),
  "not set up": async () => {
    const panel = await mount();
    person.emit({ fields: {} });
    return panel;
  },
  broken: async () => {
    const panel = await mount();
    person.error({});
    return panel;
  },
  "without history": async () => {
    const panel = await shown();
    answers.error();
    return panel;
  },
  "with a link": async () => {
    const panel = await shown();
    requests.emit([LINK]);
    return panel;
  },
  sending: async () => {
    const panel = await shown({}, { touchpoints: "support-case" });
    await press(panel, ".open-send");
    return panel;
  },
  handling: async () => {
    const panel = await shown();
    await press(panel, ".open-handle");
    return panel;
  },
};

test.each(Object.entries(STATES))("%s", async (_, build) => {
  const panel = await build();
  await settled();
  jest.useRealTimers();
  expect(await problems(panel)).toEqual([]);
});

test("axe finds what is wrong", async () => {
  const panel = await mount();
  person.emit(record(ANSWERS[0]));
  await settled();
  jest.useRealTimers();
  panel.shadowRoot.querySelector(".comment, .no-comment").setAttribute("aria-label", "x");
  panel.shadowRoot.querySelector(".no-comment").setAttribute("role", "nonsense");
  expect(await problems(panel)).not.toEqual([]);
});
