// What a rep does.
import { createRecord, updateRecord } from "lightning/uiRecordApi";
import { refreshApex } from "@salesforce/apex";
import { navigated } from "./navigation";
import { CONTACT, TASK, choose, find, press, requests, settled, shown, text } from "./panel";

const CREATED = "2026-11-21T11:59:00.000Z";
const NAMED = { touchpoints: "support-case: Support case, onboarding" };

function valid(panel, isValid = true) {
  for (const field of panel.shadowRoot.querySelectorAll("[data-needed]")) {
    field.reportValidity = jest.fn(() => isValid);
  }
}

async function openSend(panel, touchpoint = "support-case") {
  await press(panel, ".open-send");
  await choose(panel, "touchpoint", touchpoint);
  valid(panel);
}

async function openHandle(panel) {
  await press(panel, ".open-handle");
  await choose(panel, "cause", "slow_reply");
  await choose(panel, "outcome", "solved");
  valid(panel);
}

describe("send a survey now", () => {
  test("makes a request, which any flow could make too", async () => {
    const panel = await shown({}, NAMED);
    await openSend(panel);
    await press(panel, ".save");
    expect(createRecord).toHaveBeenCalledTimes(1);
    expect(createRecord).toHaveBeenCalledWith({
      apiName: "Gensvar_Survey_Request__c",
      fields: { Gensvar_Contact__c: CONTACT, Gensvar_Touchpoint__c: "support-case" },
    });
    expect(text(panel, ".message")).toBe("c.Gensvar_send_waiting");
    expect(refreshApex).toHaveBeenCalled();
    expect(find(panel, ".form")).toBeNull();
  });

  test("offers what the administrator named and what was asked before", async () => {
    const panel = await shown({}, NAMED);
    requests.emit([{ touchpoint: "renewal" }, { touchpoint: "onboarding" }]);
    await settled();
    await press(panel, ".open-send");
    expect(find(panel, "[data-name=touchpoint]").options).toEqual([
      { value: "support-case", label: "Support case" },
      { value: "onboarding", label: "onboarding" },
      { value: "renewal", label: "renewal" },
    ]);
  });

  test("with nothing named the rep types the key", async () => {
    const panel = await shown();
    await openSend(panel, " support-case ");
    expect(find(panel, "[data-name=touchpoint]").tagName).toBe("LIGHTNING-INPUT");
    await press(panel, ".save");
    expect(createRecord.mock.calls[0][0].fields.Gensvar_Touchpoint__c).toBe("support-case");
  });

  test("one touchpoint is chosen already", async () => {
    const panel = await shown({}, { touchpoints: "support-case" });
    await press(panel, ".open-send");
    expect(find(panel, "[data-name=touchpoint]").value).toBe("support-case");
  });

  test("an empty field sends nothing", async () => {
    const panel = await shown({}, NAMED);
    await press(panel, ".open-send");
    valid(panel, false);
    await press(panel, ".save");
    expect(createRecord).not.toHaveBeenCalled();
  });

  test("a refusal by the platform is said, and the form stays", async () => {
    const panel = await shown({}, NAMED);
    const output = { errors: [{ message: "A survey request needs a contact and a touchpoint." }], fieldErrors: {} };
    createRecord.mockRejectedValueOnce({ body: { message: "An error occurred", output } });
    await openSend(panel);
    await press(panel, ".save");
    expect(text(panel, ".failure")).toBe("c.Gensvar_failed A survey request needs a contact and a touchpoint.");
    expect(find(panel, ".form")).not.toBeNull();
    expect(find(panel, ".save").disabled).toBeFalsy();
  });

  test("a failure without words is said all the same", async () => {
    const panel = await shown({}, NAMED);
    createRecord.mockRejectedValueOnce(new Error());
    await openSend(panel);
    await press(panel, ".save");
    expect(text(panel, ".failure")).toBe("c.Gensvar_failed");
  });

  test("cancelled, nothing is sent", async () => {
    const panel = await shown({}, NAMED);
    await openSend(panel);
    await press(panel, ".cancel");
    expect(find(panel, ".form")).toBeNull();
    expect(createRecord).not.toHaveBeenCalled();
  });

  test("later the link stands there, to be copied", async () => {
    const panel = await shown();
    const link = "https://nps.example.com/s/abc";
    requests.emit([{ state: "asked", link, created_at: CREATED }]);
    await settled();
    expect(text(panel, ".result")).toBe("c.Gensvar_send_link");
    expect(find(panel, "[data-link]").value).toBe(link);
    await press(panel, ".copy");
    expect(navigator.clipboard.writeText).toHaveBeenCalledWith(link);
    expect(text(panel, ".message")).toBe("c.Gensvar_copied");
  });

  test("a browser that does not copy leaves the link to be marked", async () => {
    const panel = await shown();
    navigator.clipboard.writeText.mockRejectedValueOnce(new Error());
    requests.emit([{ state: "asked", link: "https://nps.example.com/s/abc", created_at: CREATED }]);
    await settled();
    find(panel, "[data-link]").focus = jest.fn();
    await press(panel, ".copy");
    expect(find(panel, "[data-link]").focus).toHaveBeenCalled();
    expect(find(panel, ".message")).toBeNull();
  });

  test.each(["vbscript:alert(1)", "data:text/html,x", "ftp://x.example", null])("%s is no link", async (link) => {
    const panel = await shown();
    requests.emit([{ state: "asked", link, created_at: CREATED }]);
    await settled();
    expect(find(panel, "[data-link]")).toBeNull();
  });

  test.each([
    [{ state: "not_asked", reason: "asked_recently", next_ask_at: CREATED }, "c.Gensvar_send_refused. c.Gensvar_next_ask_from."],
    [{ state: "not_asked", reason: "something new" }, "c.Gensvar_send_refused."],
    [{ state: "failed", reason: "There is no such touchpoint." }, "c.Gensvar_failed There is no such touchpoint."],
    [{ state: null }, "c.Gensvar_send_waiting"],
  ])("or why not: %j", async (said, words) => {
    const panel = await shown();
    requests.emit([{ ...said, created_at: CREATED }]);
    await settled();
    expect(text(panel, ".result")).toBe(words);
  });

  test("a request that the customer has answered since is past", async () => {
    const panel = await shown();
    requests.emit([{ state: "asked", link: "https://x.example", created_at: "2026-11-19T00:00:00.000Z" }]);
    await settled();
    expect(find(panel, ".request")).toBeNull();
  });
});

describe("mark handled", () => {
  test("completes the task with cause and outcome", async () => {
    const panel = await shown();
    await openHandle(panel);
    await press(panel, ".save");
    expect(updateRecord).toHaveBeenCalledTimes(1);
    expect(updateRecord).toHaveBeenCalledWith({
      fields: { Id: TASK, Status: "Completed", Gensvar_Cause__c: "slow_reply", Gensvar_Outcome__c: "solved" },
    });
    expect(text(panel, ".message")).toBe("c.Gensvar_handled");
    expect(text(panel, ".state")).toBe("c.Gensvar_follow_up_closed");
    expect(find(panel, ".open-handle")).toBeNull();
  });

  test("all causes and outcomes are offered", async () => {
    const panel = await shown();
    await press(panel, ".open-handle");
    expect(find(panel, "[data-name=cause]").options).toHaveLength(8);
    expect(find(panel, "[data-name=outcome]").options).toHaveLength(4);
    expect(find(panel, "[data-name=cause]").options[1]).toEqual({ value: "slow_reply", label: "c.Gensvar_cause_slow_reply" });
  });

  test("a finished task may be called otherwise in this org", async () => {
    const panel = await shown({}, { taskStatus: "Klar" });
    await openHandle(panel);
    await press(panel, ".save");
    expect(updateRecord.mock.calls[0][0].fields.Status).toBe("Klar");
  });

  test("a status that closes nothing is not called handled", async () => {
    const panel = await shown();
    updateRecord.mockResolvedValueOnce({ fields: { IsClosed: { value: false } } });
    await openHandle(panel);
    await press(panel, ".save");
    expect(text(panel, ".failure")).toBe("c.Gensvar_still_open");
    expect(text(panel, ".state")).toBe("c.Gensvar_follow_up_open");
    expect(find(panel, ".open-task")).not.toBeNull();
  });

  test("both must be chosen", async () => {
    const panel = await shown();
    await press(panel, ".open-handle");
    valid(panel, false);
    await press(panel, ".save");
    expect(updateRecord).not.toHaveBeenCalled();
  });

  test("where the platform refuses, nothing is called handled and the task can be opened", async () => {
    const panel = await shown();
    updateRecord.mockRejectedValueOnce({ body: { message: "Object Task is not supported in UI API" } });
    await openHandle(panel);
    await press(panel, ".save");
    expect(text(panel, ".failure")).toBe("c.Gensvar_failed Object Task is not supported in UI API");
    expect(text(panel, ".state")).toBe("c.Gensvar_follow_up_open");
    await press(panel, ".open-task");
    expect(navigated).toHaveBeenCalledWith({
      type: "standard__recordPage",
      attributes: { recordId: TASK, objectApiName: "Task", actionName: "view" },
    });
  });

  test("a follow-up whose task is not known yet cannot be marked", async () => {
    expect(find(await shown({ follow_up_task: null }), ".open-handle")).toBeNull();
    expect(find(await shown({ follow_up: "closed" }), ".open-handle")).toBeNull();
  });
});
