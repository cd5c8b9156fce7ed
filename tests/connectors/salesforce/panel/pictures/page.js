// The panel in one language, written as a page of plain HTML.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { html } from "./html";

const ROOT = join(__dirname, "../../../../..");
const OUT = join(ROOT, ".cache/pictures");
const OWN = join(ROOT, "connectors/salesforce/package/lwc/gensvarPanel/gensvarPanel.css");
const manifest = JSON.parse(readFileSync(join(ROOT, "manifest.json"), "utf8"));
const { card } = manifest;
const PARTS = { "": card.texts, cause_: card.causes, outcome_: card.outcomes, reason_: card.reasons };

/** The panel in *language*, with the helpers of the tests. */
export function speaking(language, locale) {
  jest.doMock("@salesforce/i18n/locale", () => ({ default: locale }), { virtual: true });
  jest.doMock("@salesforce/label/c.Gensvar_title", () => ({ default: card.title }), { virtual: true });
  for (const [prefix, words] of Object.entries(PARTS)) {
    for (const [key, text] of Object.entries(words)) {
      jest.doMock(`@salesforce/label/c.Gensvar_${prefix}${key}`, () => ({ default: text[language] }), { virtual: true });
    }
  }
  return require("../panel");
}

export function write(name, panel) {
  const style = [join(__dirname, "page.css"), OWN].map((file) => readFileSync(file, "utf8")).join("");
  mkdirSync(OUT, { recursive: true });
  const page = `<!doctype html><meta charset="utf-8"><style>${style}</style><main>${html(panel.shadowRoot)}</main>`;
  writeFileSync(join(OUT, `salesforce-${name}.html`), page);
}
