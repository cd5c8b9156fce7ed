// Derived from manifest.json: gensvar build hubspot writes it anew.

export const fields = {
  "score": "gensvar_score",
  "category": "gensvar_category",
  "comment": "gensvar_comment",
  "touchpoint": "gensvar_touchpoint",
  "kind": "gensvar_kind",
  "answered_at": "gensvar_answered_at",
  "previous_score": "gensvar_previous_score",
  "relational_score": "gensvar_relational_score",
  "csat_score": "gensvar_csat_score",
  "csat_at": "gensvar_csat_at",
  "ces_score": "gensvar_ces_score",
  "ces_at": "gensvar_ces_at",
  "last_asked_at": "gensvar_last_asked_at",
  "next_ask_at": "gensvar_next_ask_at",
  "ask_refusal": "gensvar_ask_refusal",
  "follow_up": "gensvar_follow_up",
  "follow_up_owner": "gensvar_follow_up_owner",
  "follow_up_due": "gensvar_follow_up_due"
} as const;
