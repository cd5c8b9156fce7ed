import { answer, request } from "./schema";
import { about, values } from "./summary";
import { because, category, direction, fill, outOfTen, when } from "./words";
import { texts } from "./labels";

/** The names that a related list is asked for. */
export function names(fields) {
  return Object.values(fields).map((field) => `${field.objectApiName}.${field.fieldApiName}`);
}

/** The answers before the newest one, newest first, each with how it stands to the one before it. */
export function earlier(records) {
  const every = records.map((record) => ({ id: record.id, ...values(record, answer) }));
  return every.slice(1).map((one, place) => {
    const before = every.slice(place + 2).find((other) => other.kind === one.kind);
    return {
      ...one,
      scored: outOfTen(one.score),
      badge: category(one.category),
      direction: direction(one.score, before?.score),
      answered: when(one.answered_at),
      about: about(one),
    };
  });
}

/** Whether the customer said with the newest answer that nobody shall call. */
export function wantsNoContact(records) {
  return records.length > 0 && values(records[0], answer).may_contact === "no";
}

/** What became of the newest request for a survey, unless the customer has answered since. */
export function outcome(records, answeredAt) {
  const newest = records[0];
  const made = newest?.fields?.CreatedDate?.value;
  if (!newest || (answeredAt && made && new Date(made) < new Date(answeredAt))) {
    return null;
  }
  const told = values(newest, request);
  const then = told.next_ask_at ? ` ${fill(texts.next_ask_from, { when: when(told.next_ask_at) })}.` : "";
  const refused = `${fill(texts.send_refused, { reason: because(told.reason) })}.${then}`;
  const words = { asked: texts.send_link, not_asked: refused, failed: `${texts.failed} ${told.reason ?? ""}` };
  return {
    waiting: !told.state,
    text: words[told.state] ?? texts.send_waiting,
    link: told.state === "asked" ? safe(told.link) : "",
  };
}

/** Only what a browser opens as a page; whatever else stands in the field is nobody's link. */
function safe(link) {
  const text = String(link ?? "").trim();
  return text.startsWith("https://") || text.startsWith("http://") ? text : "";
}

/** The touchpoints to choose from: those the administrator has named, then those asked for before. */
export function offered(named, records) {
  const choices = new Map();
  for (const part of (named ?? "").split(",")) {
    const [key, ...name] = part.split(":");
    if (key.trim()) {
      choices.set(key.trim(), name.join(":").trim() || key.trim());
    }
  }
  for (const { touchpoint } of records.map((record) => values(record, request))) {
    if (touchpoint && !choices.has(touchpoint)) {
      choices.set(touchpoint, touchpoint);
    }
  }
  return [...choices].map(([value, label]) => ({ value, label }));
}
