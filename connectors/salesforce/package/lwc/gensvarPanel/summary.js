import { getFieldValue } from "lightning/uiRecordApi";
import { texts } from "./labels";
import { contact } from "./schema";
import { because, category, direction, fill, outOfTen, when } from "./words";

/** The values of *fields* on a record, by neutral key; null where there is none. */
export function values(record, fields) {
  const known = Object.entries(fields).map(([key, field]) => [key, getFieldValue(record, field) ?? null]);
  return Object.fromEntries(known);
}

/** Whether the fields are there and the user may see them. */
export function isSetUp(record) {
  return contact.score.fieldApiName in record.fields;
}

/** Everything the panel says of the contact itself, at the moment *now*. */
export function summary(record, now) {
  const said = values(record, contact);
  return {
    ...said,
    ...answered(said),
    followUp: followUp(said, now),
    asking: asking(said, now),
  };
}

function answered(said) {
  if (said.score === null) {
    const asked = said.last_asked_at;
    return { empty: asked ? fill(texts.no_answer, { when: when(asked) }) : texts.never_asked };
  }
  return {
    scored: outOfTen(said.score),
    badge: category(said.category),
    direction: direction(said.score, said.previous_score),
    answered: when(said.answered_at),
    about: about(said),
  };
}

/** Where the customer was asked, and that the kinds of NPS are not mixed. */
export function about(said) {
  return [said.touchpoint, texts[said.kind]].filter(Boolean).join(" · ");
}

function followUp(said, now) {
  const open = said.follow_up === "open";
  return {
    open,
    task: open ? said.follow_up_task : null,
    state: { open: texts.follow_up_open, closed: texts.follow_up_closed }[said.follow_up] ?? texts.follow_up_none,
    owner: said.follow_up_owner || (open ? texts.no_owner : ""),
    due: open ? when(said.follow_up_due) : "",
    overdue: open && said.follow_up_due !== null && new Date(said.follow_up_due) < now,
  };
}

function asking(said, now) {
  const later = said.next_ask_at !== null && new Date(said.next_ask_at) > now;
  const from = later ? fill(texts.next_ask_from, { when: when(said.next_ask_at) }) : "";
  // A refusal that had an end is over when that is past.
  const refused = said.ask_refusal && (later || said.next_ask_at === null);
  return {
    last: when(said.last_asked_at),
    next: from || (refused ? "" : texts.next_ask_now),
    why: refused ? fill(texts.not_now, { reason: because(said.ask_refusal) }) : "",
  };
}
