// What a rep sees, state by state.
import { getRecord } from "lightning/uiRecordApi";
import { getRelatedListRecords } from "lightning/uiRelatedListApi";
import { refreshApex } from "@salesforce/apex";
import { ANSWERS, CONTACT, SCORED, answers, find, mount, person, press, record, requests, settled, shown, task, text } from "./panel";

const EMPTY = Object.fromEntries(Object.keys(SCORED).map((key) => [key, null]));

test("loading, until the platform has answered", async () => {
  const panel = await mount();
  expect(find(panel, "lightning-spinner")).not.toBeNull();
  expect(find(panel, ".answer")).toBeNull();
});

test("with our server stopped everything still stands there", async () => {
  global.fetch = jest.fn().mockRejectedValue(new Error("unreachable"));
  const panel = await shown();
  expect(text(panel, ".answer .score")).toBe("c.Gensvar_score");
  expect(text(panel, ".answer .slds-badge")).toBe("c.Gensvar_detractor");
  expect(text(panel, ".comment")).toBe("Ingen svarar i telefon.");
  expect(text(panel, ".about")).toContain("Support case");
  expect(text(panel, ".direction")).toBe("c.Gensvar_down");
  expect(text(panel, ".state")).toBe("c.Gensvar_follow_up_open");
  expect(text(panel, ".owner")).toBe("Ada Admin");
  expect(text(panel, ".due")).toContain("21 Nov 2026");
  expect(text(panel, ".next")).toBe("c.Gensvar_next_ask_from");
  expect(text(panel, ".why")).toBe("c.Gensvar_not_now");
  expect(panel.shadowRoot.querySelectorAll(".history li")).toHaveLength(3);
  expect(global.fetch).not.toHaveBeenCalled();
  delete global.fetch;
});

test("it asks the platform for what it shows, so that rights and sharing are the platform's", async () => {
  await shown();
  const [config] = [getRecord.getLastConfig()];
  expect(config).toMatchObject({ fields: ["Task.Id"] });
  expect(getRelatedListRecords.getLastConfig()).toMatchObject({
    parentRecordId: CONTACT,
    relatedListId: "Gensvar_Survey_Requests__r",
    sortBy: ["-Gensvar_Survey_Request__c.CreatedDate"],
  });
});

test.each([
  ["promoter", "slds-theme_success"],
  ["passive", "slds-theme_warning"],
  ["detractor", "slds-theme_error"],
])("%s has a colour and a word", async (category, style) => {
  const badge = find(await shown({ category }), ".answer .slds-badge");
  expect(badge.classList).toContain(style);
  expect(badge.textContent).toBe(`c.Gensvar_${category}`);
});

test.each([
  [8, 3, "up"],
  [3, 8, "down"],
  [3, 3, "same"],
  [0, null, "first"],
  [5, 0, "up"],
])("a score of %s after %s", async (score, previous_score, word) => {
  expect(text(await shown({ score, previous_score }), ".answer .direction")).toBe(`c.Gensvar_${word}`);
});

test("never asked", async () => {
  const panel = await shown(EMPTY);
  expect(text(panel, ".empty")).toBe("c.Gensvar_never_asked");
  expect(find(panel, ".follow-up")).toBeNull();
  expect(text(panel, ".next")).toBe("c.Gensvar_next_ask_now");
  expect(find(panel, ".open-send")).not.toBeNull();
});

test("asked, no answer", async () => {
  const panel = await shown({ ...EMPTY, last_asked_at: SCORED.last_asked_at });
  expect(text(panel, ".empty")).toBe("c.Gensvar_no_answer");
  expect(text(panel, ".asked")).toContain("20 Nov 2026");
});

test("refused, and it says why", async () => {
  const panel = await shown({ ...EMPTY, ask_refusal: "opted_out" });
  expect(text(panel, ".why")).toBe("c.Gensvar_not_now");
  expect(find(panel, ".next")).toBeNull();
});

test("a refusal whose time is over refuses nothing", async () => {
  const panel = await shown({ ask_refusal: "asked_recently", next_ask_at: "2026-11-01T00:00:00.000Z" });
  expect(find(panel, ".why")).toBeNull();
  expect(text(panel, ".next")).toBe("c.Gensvar_next_ask_now");
});

test("fields that are not there, or not for this user", async () => {
  const panel = await mount();
  person.emit({ apiName: "Contact", id: CONTACT, fields: {} });
  await settled();
  expect(text(panel, ".not-set-up")).toBe("c.Gensvar_not_set_up");
  expect(find(panel, ".open-send")).toBeNull();
});

test("a record that cannot be read has a way out", async () => {
  const panel = await mount();
  person.error({ message: "secret" });
  await settled();
  expect(text(panel, "[role=alert]")).toBe("c.Gensvar_unreadable");
  expect(panel.shadowRoot.textContent).not.toContain("secret");
  await press(panel, ".again");
  expect(refreshApex).toHaveBeenCalled();
  person.emit(record(SCORED));
  await settled();
  expect(find(panel, ".answer")).not.toBeNull();
});

test("history that cannot be read hides nothing else", async () => {
  const panel = await mount();
  person.emit(record(SCORED));
  answers.error();
  await settled();
  expect(text(panel, ".unreachable")).toBe("c.Gensvar_history_unreachable");
  expect(text(panel, ".answer .score")).toBe("c.Gensvar_score");
});

test("only one answer: no history", async () => {
  const panel = await shown();
  answers.emit(ANSWERS.slice(0, 1));
  await settled();
  expect(text(panel, ".no-history")).toBe("c.Gensvar_no_history");
});

test("each earlier answer is compared with the one before it of the same kind", async () => {
  const panel = await shown();
  const directions = [...panel.shadowRoot.querySelectorAll(".history .direction")].map((one) => one.textContent);
  expect(directions).toEqual(["c.Gensvar_up", "c.Gensvar_first", "c.Gensvar_first"]);
  expect(text(panel, ".said")).toBe("Bra!");
});

test("more answers than are shown", async () => {
  const panel = await shown();
  answers.emit(ANSWERS, { nextPageToken: "20" });
  await settled();
  expect(text(panel, ".more")).toBe("c.Gensvar_more_history");
});

test("a customer who does not want to be contacted", async () => {
  const panel = await shown();
  expect(find(panel, ".no-contact")).toBeNull();
  answers.emit([{ ...ANSWERS[0], may_contact: "no" }]);
  await settled();
  expect(text(panel, ".no-contact")).toBe("c.Gensvar_no_contact");
});

test("overdue is a word, and only while the follow-up is open", async () => {
  expect(text(await shown(), ".overdue")).toBe("c.Gensvar_overdue");
  expect(find(await shown({ follow_up_due: "2026-11-22T10:00:00.000Z" }), ".overdue")).toBeNull();
  expect(find(await shown({ follow_up: "closed" }), ".overdue")).toBeNull();
});

test("nobody owns it yet", async () => {
  expect(text(await shown({ follow_up_owner: null }), ".owner")).toBe("c.Gensvar_no_owner");
});

test("closed, and never needed", async () => {
  expect(text(await shown({ follow_up: "closed" }), ".state")).toBe("c.Gensvar_follow_up_closed");
  expect(text(await shown({ follow_up: null }), ".state")).toBe("c.Gensvar_follow_up_none");
});

test("a task that was completed elsewhere is closed here too", async () => {
  const panel = await shown();
  task.emit({ id: "00T", fields: { IsClosed: { value: true } } });
  await settled();
  expect(text(panel, ".state")).toBe("c.Gensvar_follow_up_closed");
  expect(find(panel, ".open-handle")).toBeNull();
});

test("a long comment is scrolled by keyboard too, and one from right to left stands so", async () => {
  const long = "الخدمة بطيئة ".repeat(300);
  const comment = find(await shown({ comment: long }), ".comment");
  expect(comment.textContent).toBe(long);
  expect(comment.getAttribute("dir")).toBe("auto");
  expect(comment.getAttribute("tabindex")).toBe("0");
  expect(comment.getAttribute("aria-label")).toBe("c.Gensvar_comment");
});

test("no comment, and one that would be markup", async () => {
  expect(text(await shown({ comment: null }), ".no-comment")).toBe("c.Gensvar_no_comment");
  const panel = await shown({ comment: "<img src=x onerror=alert(1)>", follow_up_owner: "<b>Eve</b>" });
  expect(text(panel, ".comment")).toBe("<img src=x onerror=alert(1)>");
  expect(find(panel, "img")).toBeNull();
  expect(find(panel, "b")).toBeNull();
});

test("requests that are waiting stand there without an answer from us", async () => {
  const panel = await shown(EMPTY);
  requests.emit([{ touchpoint: "support-case", created_at: "2026-11-21T11:59:00.000Z" }]);
  await settled();
  expect(text(panel, ".result")).toBe("c.Gensvar_send_waiting");
});
