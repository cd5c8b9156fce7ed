/** What Gensvar sends about one contact. */
export interface CardDocument {
  answers: Answer[];
  more: boolean;
  follow_ups: FollowUp[];
  touchpoints: Touchpoint[];
  last_asked_at: string | null;
  next_ask_at: string | null;
  ask_refusal: string | null;
}

export interface Answer {
  id: string;
  score: number;
  comment: string;
  touchpoint: string;
  kind: string;
  answered_at: string;
  may_contact: boolean | null;
  before: number | null;
}

export interface FollowUp {
  id: string;
  state: "open" | "closed";
  owner: string;
  due_at: string | null;
}

export interface Touchpoint {
  key: string;
  name: string;
}

/** What came of "send a survey now". */
export type Asked =
  | { asked: true; url: string }
  | { asked: false; reason: string; next_eligible_at: string | null };

const LISTS = ["answers", "follow_ups", "touchpoints"] as const;

/** The document in what was sent, or null when that is something else, for example a proxy's error page. */
export function readCard(sent: unknown): CardDocument | null {
  if (typeof sent !== "object" || sent === null) return null;
  const lists = sent as Record<string, unknown>;
  return LISTS.every((name) => Array.isArray(lists[name])) ? (sent as CardDocument) : null;
}
