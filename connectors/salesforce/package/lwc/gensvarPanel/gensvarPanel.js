import { LightningElement, api, wire } from "lwc";
import { NavigationMixin } from "lightning/navigation";
import { createRecord, getRecord, notifyRecordUpdateAvailable, updateRecord } from "lightning/uiRecordApi";
import { getRelatedListRecords } from "lightning/uiRelatedListApi";
import { refreshApex } from "@salesforce/apex";
import { causes, outcomes, texts } from "./labels";
import { earlier, names, offered, outcome, wantsNoContact } from "./lists";
import { answer, contact, relatedLists, request, task } from "./schema";
import { isSetUp, summary } from "./summary";
import { fill, told } from "./words";

const SHOWN = 20;
const options = (words) => Object.entries(words).map(([value, label]) => ({ value, label }));

/**
 * NPS on the contact: all of it comes from the org's own records, so what a user may not see is not here either,
 * and it is there whether Gensvar's server can be reached or not.
 */
export default class GensvarPanel extends NavigationMixin(LightningElement) {
  @api recordId;
  /** Touchpoints to offer, as the administrator wrote them. */
  @api touchpoints = "";
  /** What a finished task is called in this org. */
  @api taskStatus = "Completed";

  labels = texts;
  causes = options(causes);
  outcomes = options(outcomes);

  taskId;
  open = "";
  busy = false;
  message = "";
  failure = "";
  handledTask = "";
  chosen = {};

  person = {};
  answers = {};
  requests = {};
  followUpTask = {};

  @wire(getRecord, { recordId: "$recordId", fields: ["Contact.Id"], optionalFields: Object.values(contact) })
  wiredPerson(result) {
    this.person = result;
    if (result.data) {
      this.taskId = summary(result.data, new Date()).followUp.task ?? undefined;
    }
  }

  @wire(getRelatedListRecords, {
    parentRecordId: "$recordId",
    relatedListId: relatedLists.answers,
    fields: [`${answer.score.objectApiName}.Id`],
    optionalFields: names(answer),
    sortBy: [`-${answer.answered_at.objectApiName}.${answer.answered_at.fieldApiName}`],
    pageSize: SHOWN,
  })
  wiredAnswers(result) {
    this.answers = result;
  }

  @wire(getRelatedListRecords, {
    parentRecordId: "$recordId",
    relatedListId: relatedLists.requests,
    fields: [`${request.state.objectApiName}.CreatedDate`],
    optionalFields: names(request),
    sortBy: [`-${request.state.objectApiName}.CreatedDate`],
    pageSize: SHOWN,
  })
  wiredRequests(result) {
    this.requests = result;
  }

  /** So that a task that a rep has just completed elsewhere is not shown as open. */
  @wire(getRecord, { recordId: "$taskId", fields: ["Task.Id"], optionalFields: ["Task.IsClosed"] })
  wiredTask(result) {
    this.followUpTask = result;
  }

  get loading() {
    return !this.person.data && !this.person.error;
  }

  get notSetUp() {
    return Boolean(this.person.data) && !isSetUp(this.person.data);
  }

  get card() {
    const card = summary(this.person.data, new Date());
    return this.closedMeanwhile ? { ...card, followUp: { state: texts.follow_up_closed } } : card;
  }

  get closedMeanwhile() {
    const closed = this.followUpTask.data?.fields?.IsClosed?.value === true;
    return Boolean(this.taskId) && (closed || this.handledTask === this.taskId);
  }

  get answerRecords() {
    return this.answers.data?.records ?? [];
  }

  get requestRecords() {
    return this.requests.data?.records ?? [];
  }

  get history() {
    return earlier(this.answerRecords);
  }

  get moreHistory() {
    return this.answers.data?.nextPageToken ? fill(texts.more_history, { count: SHOWN }) : "";
  }

  get wantsNoContact() {
    return wantsNoContact(this.answerRecords);
  }

  get request() {
    return outcome(this.requestRecords, this.card.answered_at);
  }

  get choices() {
    return offered(this.touchpoints, this.requestRecords);
  }

  get hasChoices() {
    return this.choices.length > 0;
  }

  get sending() {
    return this.open === "send";
  }

  get handling() {
    return this.open === "handle";
  }

  get canHandle() {
    return Boolean(this.card.followUp.task) && !this.handling;
  }

  openSend() {
    this.show("send", this.choices.length === 1 ? { touchpoint: this.choices[0].value } : {});
  }

  openHandle() {
    this.show("handle", {});
  }

  close() {
    this.show("", {});
  }

  show(form, chosen) {
    Object.assign(this, { open: form, chosen, message: "", failure: "" });
  }

  choose(event) {
    this.chosen = { ...this.chosen, [event.target.dataset.name]: event.detail.value };
  }

  /** A request for a survey: Gensvar decides by its rules and writes the result onto it. */
  async send() {
    const fields = {
      [request.contact.fieldApiName]: this.recordId,
      [request.touchpoint.fieldApiName]: this.chosen.touchpoint?.trim(),
    };
    const apiName = request.contact.objectApiName;
    if (this.complete() && (await this.done(createRecord({ apiName, fields })))) {
      this.show("", {});
      this.message = texts.send_waiting;
      await this.refresh();
    }
  }

  /** The task is completed where it stands; Gensvar sees it with its next look. */
  async handle() {
    const fields = {
      Id: this.taskId,
      Status: this.taskStatus,
      [task.cause.fieldApiName]: this.chosen.cause,
      [task.outcome.fieldApiName]: this.chosen.outcome,
    };
    const saved = this.complete() && (await this.done(updateRecord({ fields })));
    if (saved?.fields?.IsClosed?.value === false) {
      // The org calls a finished task something else.
      this.failure = texts.still_open;
    } else if (saved) {
      this.handledTask = this.taskId;
      this.show("", {});
      this.message = texts.handled;
      await this.refresh();
    }
  }

  /** Whether every field of the open form is filled in; those that are not say so. */
  complete() {
    const fields = [...this.template.querySelectorAll("[data-needed]")];
    return fields.map((field) => field.reportValidity()).every(Boolean);
  }

  /** The record as it was saved, or nothing when it was refused, and then in words why. */
  async done(change) {
    this.busy = true;
    this.failure = "";
    try {
      return (await change) ?? {};
    } catch (error) {
      this.failure = [texts.failed, told(error)].filter(Boolean).join(" ");
      return null;
    } finally {
      this.busy = false;
    }
  }

  openTask() {
    const attributes = { recordId: this.taskId, objectApiName: "Task", actionName: "view" };
    this[NavigationMixin.Navigate]({ type: "standard__recordPage", attributes });
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.request.link);
      this.message = texts.copied;
    } catch {
      // The browser does not allow it: the link stands there to be marked.
      this.template.querySelector("[data-link]").focus();
    }
  }

  refresh() {
    const wired = [this.person, this.answers, this.requests].map((result) => refreshApex(result));
    return Promise.allSettled([...wired, notifyRecordUpdateAvailable([{ recordId: this.recordId }])]);
  }
}
