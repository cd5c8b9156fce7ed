import { fields } from "./fields.ts";
import { moment } from "./shared/when.ts";

export type Category = "promoter" | "passive" | "detractor";
export type Direction = "up" | "down" | "same" | "first";
export type Properties = Record<string, string | null | undefined>;

/** The latest state as it stands on the contact in HubSpot. */
export interface Latest {
  score: number | null;
  previousScore: number | null;
  comment: string;
  touchpoint: string;
  kind: string;
  answeredAt: Date | null;
  lastAskedAt: Date | null;
  nextAskAt: Date | null;
  askRefusal: string;
  followUp: string;
  followUpOwner: string;
  followUpDue: Date | null;
}

export const PROPERTIES: string[] = Object.values(fields);

/** Whether the account has our fields and this user may see any of them. */
export function isSetUp(properties: Properties): boolean {
  return PROPERTIES.some((name) => properties[name] !== undefined);
}

export function latestOf(properties: Properties): Latest {
  const value = (key: keyof typeof fields) => properties[fields[key]] ?? "";
  return {
    score: scoreOf(value("score")),
    previousScore: scoreOf(value("previous_score")),
    comment: value("comment"),
    touchpoint: value("touchpoint"),
    kind: value("kind"),
    answeredAt: moment(value("answered_at")),
    lastAskedAt: moment(value("last_asked_at")),
    nextAskAt: moment(value("next_ask_at")),
    askRefusal: value("ask_refusal"),
    followUp: value("follow_up"),
    followUpOwner: value("follow_up_owner"),
    followUpDue: moment(value("follow_up_due")),
  };
}

export function categoryOf(score: number): Category {
  if (score >= 9) return "promoter";
  return score >= 7 ? "passive" : "detractor";
}

export function directionOf(score: number, before: number | null): Direction {
  if (before === null) return "first";
  if (score === before) return "same";
  return score > before ? "up" : "down";
}

function scoreOf(value: string): number | null {
  const score = value === "" ? Number.NaN : Number(value);
  return Number.isInteger(score) && score >= 0 && score <= 10 ? score : null;
}
