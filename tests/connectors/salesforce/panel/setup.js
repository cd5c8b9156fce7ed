// What the page around the panel gives it: a language, a place, and a clipboard.
jest.mock("@salesforce/i18n/locale", () => ({ default: "en-GB" }), { virtual: true });
jest.mock("@salesforce/i18n/timeZone", () => ({ default: "Europe/Stockholm" }), { virtual: true });
jest.mock("@salesforce/apex", () => ({ refreshApex: jest.fn().mockResolvedValue() }), { virtual: true });

// The engine warns of what a base component does not know, and the platform would leave it out in silence.
const warned = [jest.spyOn(console, "warn"), jest.spyOn(console, "error")];

beforeEach(() => {
  jest.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z"), doNotFake: ["setTimeout", "queueMicrotask", "nextTick"] });
  Object.defineProperty(navigator, "clipboard", { value: { writeText: jest.fn().mockResolvedValue() }, configurable: true });
});

afterEach(() => {
  while (document.body.firstChild) {
    document.body.removeChild(document.body.firstChild);
  }
  const said = warned.flatMap((spy) => spy.mock.calls).map((call) => call.map(String).join(" "));
  jest.clearAllMocks();
  if (said.length) {
    throw new Error(said.join("\n"));
  }
});
