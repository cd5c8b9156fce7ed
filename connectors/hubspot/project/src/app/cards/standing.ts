import type { Answer, CardDocument } from "./document.ts";
import type { Latest } from "./latest.ts";
import { moment } from "./shared/when.ts";

/** The case that is open, with its id where Gensvar was reached and it can be closed from here. */
export interface OpenCase {
  id: string | null;
  owner: string;
  due: Date | null;
}

export type FollowUpStanding = "none" | "closed" | OpenCase;

export interface AskStanding {
  lastAskedAt: Date | null;
  nextAskAt: Date | null;
  refusal: string;
}

/** HubSpot's copy may be some seconds behind Gensvar, so what Gensvar says goes first. */
export function followUpStanding(latest: Latest, document: CardDocument | null): FollowUpStanding {
  const [open] = document?.follow_ups.filter((each) => each.state === "open") ?? [];
  if (open) return { id: open.id, owner: open.owner, due: moment(open.due_at) };
  if (document?.follow_ups.length) return "closed";
  if (latest.followUp === "open") {
    return { id: null, owner: latest.followUpOwner, due: latest.followUpDue };
  }
  return latest.followUp === "closed" ? "closed" : "none";
}

export function askStanding(latest: Latest, document: CardDocument | null): AskStanding {
  if (!document) return { ...latest, refusal: latest.askRefusal };
  return {
    lastAskedAt: moment(document.last_asked_at),
    nextAskAt: moment(document.next_ask_at),
    refusal: document.ask_refusal ?? "",
  };
}

/** A refusal with a date ends on that date, even if nobody has told the contact's properties yet. */
export function mayBeAsked(standing: AskStanding, now: Date): boolean {
  if (standing.nextAskAt) return standing.nextAskAt <= now;
  return standing.refusal === "";
}

/** The answer that the contact's properties show, in Gensvar's own words. */
export function shownAnswer(latest: Latest, document: CardDocument): Answer | undefined {
  const at = latest.answeredAt?.getTime();
  return document.answers.find((answer) => moment(answer.answered_at)?.getTime() === at);
}

export function otherAnswers(latest: Latest, document: CardDocument): Answer[] {
  const shown = shownAnswer(latest, document);
  return document.answers.filter((answer) => answer !== shown);
}
