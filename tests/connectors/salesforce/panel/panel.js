// The panel on a page, fed with what the platform's record services answer.
import { createElement } from "lwc";
import { getRecord } from "lightning/uiRecordApi";
import { getRelatedListRecords } from "lightning/uiRelatedListApi";
import GensvarPanel from "c/gensvarPanel";
import { answer, contact, request } from "../../../../connectors/salesforce/package/lwc/gensvarPanel/schema";

export const CONTACT = "003gv0000000001AAA";
export const TASK = "00Tgv0000000001AAA";

export const SCORED = {
  score: 3,
  category: "detractor",
  comment: "Ingen svarar i telefon.",
  touchpoint: "Support case",
  kind: "transactional",
  answered_at: "2026-11-20T10:00:30.000Z",
  previous_score: 8,
  last_asked_at: "2026-11-20T09:00:00.000Z",
  next_ask_at: "2027-02-20T09:00:00.000Z",
  ask_refusal: "follow_up_open",
  follow_up: "open",
  follow_up_owner: "Ada Admin",
  follow_up_due: "2026-11-21T10:00:30.000Z",
  follow_up_task: TASK,
};

export const ANSWERS = [
  { score: 3, category: "detractor", kind: "transactional", touchpoint: "Support case", answered_at: SCORED.answered_at },
  { score: 8, category: "passive", kind: "transactional", touchpoint: "Support case", answered_at: "2026-08-01T08:00:00.000Z", comment: "Bra!" },
  { score: 10, category: "promoter", kind: "relational", touchpoint: "Onboarding", answered_at: "2026-05-01T08:00:00.000Z" },
  { score: 6, category: "detractor", kind: "transactional", touchpoint: "Support case", answered_at: "2026-02-01T08:00:00.000Z" },
];

/** A record as getRecord gives it; a field that is not in *said* is empty. */
export function record(said = {}) {
  return { apiName: "Contact", id: CONTACT, fields: fields(contact, said) };
}

export function list(shape, rows, more = {}) {
  const records = rows.map((row, place) => ({
    id: `a0${place}`,
    fields: { ...fields(shape, row), CreatedDate: { value: row.created_at ?? null } },
  }));
  return { records, nextPageToken: null, ...more };
}

function fields(shape, said) {
  const named = Object.entries(shape).map(([key, field]) => [field.fieldApiName, { value: said[key] ?? null }]);
  return Object.fromEntries(named);
}

export async function mount(properties = {}) {
  const panel = createElement("c-gensvar-panel", { is: GensvarPanel });
  Object.assign(panel, { recordId: CONTACT }, properties);
  document.body.appendChild(panel);
  await settled();
  return panel;
}

const about = (id) => (config) => config.recordId === id;
const listed = (id) => (config) => config.relatedListId === id;

export const person = {
  emit: (data) => getRecord.emit(data, about(CONTACT)),
  error: (body) => getRecord.emitError({ body, status: 404 }, about(CONTACT)),
};
export const task = { emit: (data) => getRecord.emit(data, about(TASK)) };
export const answers = {
  emit: (rows, more) => getRelatedListRecords.emit(list(answer, rows, more), listed("Gensvar_Answers__r")),
  error: () => getRelatedListRecords.emitError({ status: 400 }, listed("Gensvar_Answers__r")),
};
export const requests = {
  emit: (rows) => getRelatedListRecords.emit(list(request, rows), listed("Gensvar_Survey_Requests__r")),
};

/** The panel with a contact who has answered, as most tests want it. */
export async function shown(said = {}, properties = {}) {
  const panel = await mount(properties);
  person.emit(record({ ...SCORED, ...said }));
  answers.emit(ANSWERS);
  requests.emit([]);
  await settled();
  return panel;
}

/** After everything that was promised has been drawn. */
export async function settled() {
  for (let turn = 0; turn < 6; turn++) {
    // eslint-disable-next-line no-await-in-loop
    await Promise.resolve();
  }
}

export const find = (panel, selector) => panel.shadowRoot.querySelector(selector);
export const text = (panel, selector) => find(panel, selector)?.textContent.trim() ?? null;

export async function press(panel, selector) {
  find(panel, selector).click();
  await settled();
}

export async function choose(panel, name, value) {
  const field = find(panel, `[data-name="${name}"]`);
  field.dispatchEvent(new CustomEvent("change", { detail: { value } }));
  await settled();
}
