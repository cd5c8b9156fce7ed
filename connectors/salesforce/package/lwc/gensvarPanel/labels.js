// Written by `gensvar build salesforce` from manifest.json.
import Gensvar_title from "@salesforce/label/c.Gensvar_title";
import Gensvar_score from "@salesforce/label/c.Gensvar_score";
import Gensvar_promoter from "@salesforce/label/c.Gensvar_promoter";
import Gensvar_passive from "@salesforce/label/c.Gensvar_passive";
import Gensvar_detractor from "@salesforce/label/c.Gensvar_detractor";
import Gensvar_relational from "@salesforce/label/c.Gensvar_relational";
import Gensvar_transactional from "@salesforce/label/c.Gensvar_transactional";
import Gensvar_answered from "@salesforce/label/c.Gensvar_answered";
import Gensvar_touchpoint from "@salesforce/label/c.Gensvar_touchpoint";
import Gensvar_comment from "@salesforce/label/c.Gensvar_comment";
import Gensvar_no_comment from "@salesforce/label/c.Gensvar_no_comment";
import Gensvar_no_contact from "@salesforce/label/c.Gensvar_no_contact";
import Gensvar_up from "@salesforce/label/c.Gensvar_up";
import Gensvar_down from "@salesforce/label/c.Gensvar_down";
import Gensvar_same from "@salesforce/label/c.Gensvar_same";
import Gensvar_first from "@salesforce/label/c.Gensvar_first";
import Gensvar_history from "@salesforce/label/c.Gensvar_history";
import Gensvar_no_history from "@salesforce/label/c.Gensvar_no_history";
import Gensvar_history_unreachable from "@salesforce/label/c.Gensvar_history_unreachable";
import Gensvar_more_history from "@salesforce/label/c.Gensvar_more_history";
import Gensvar_follow_up from "@salesforce/label/c.Gensvar_follow_up";
import Gensvar_follow_up_open from "@salesforce/label/c.Gensvar_follow_up_open";
import Gensvar_follow_up_closed from "@salesforce/label/c.Gensvar_follow_up_closed";
import Gensvar_follow_up_none from "@salesforce/label/c.Gensvar_follow_up_none";
import Gensvar_owner from "@salesforce/label/c.Gensvar_owner";
import Gensvar_no_owner from "@salesforce/label/c.Gensvar_no_owner";
import Gensvar_due from "@salesforce/label/c.Gensvar_due";
import Gensvar_overdue from "@salesforce/label/c.Gensvar_overdue";
import Gensvar_asked from "@salesforce/label/c.Gensvar_asked";
import Gensvar_next_ask from "@salesforce/label/c.Gensvar_next_ask";
import Gensvar_next_ask_now from "@salesforce/label/c.Gensvar_next_ask_now";
import Gensvar_next_ask_from from "@salesforce/label/c.Gensvar_next_ask_from";
import Gensvar_not_now from "@salesforce/label/c.Gensvar_not_now";
import Gensvar_never_asked from "@salesforce/label/c.Gensvar_never_asked";
import Gensvar_no_answer from "@salesforce/label/c.Gensvar_no_answer";
import Gensvar_send from "@salesforce/label/c.Gensvar_send";
import Gensvar_send_about from "@salesforce/label/c.Gensvar_send_about";
import Gensvar_send_link from "@salesforce/label/c.Gensvar_send_link";
import Gensvar_send_refused from "@salesforce/label/c.Gensvar_send_refused";
import Gensvar_send_waiting from "@salesforce/label/c.Gensvar_send_waiting";
import Gensvar_send_nothing from "@salesforce/label/c.Gensvar_send_nothing";
import Gensvar_handle from "@salesforce/label/c.Gensvar_handle";
import Gensvar_cause from "@salesforce/label/c.Gensvar_cause";
import Gensvar_outcome from "@salesforce/label/c.Gensvar_outcome";
import Gensvar_choose from "@salesforce/label/c.Gensvar_choose";
import Gensvar_save from "@salesforce/label/c.Gensvar_save";
import Gensvar_cancel from "@salesforce/label/c.Gensvar_cancel";
import Gensvar_handled from "@salesforce/label/c.Gensvar_handled";
import Gensvar_loading from "@salesforce/label/c.Gensvar_loading";
import Gensvar_failed from "@salesforce/label/c.Gensvar_failed";
import Gensvar_not_set_up from "@salesforce/label/c.Gensvar_not_set_up";
import Gensvar_try_again from "@salesforce/label/c.Gensvar_try_again";
import Gensvar_show_all from "@salesforce/label/c.Gensvar_show_all";
import Gensvar_show_less from "@salesforce/label/c.Gensvar_show_less";
import Gensvar_link from "@salesforce/label/c.Gensvar_link";
import Gensvar_copy from "@salesforce/label/c.Gensvar_copy";
import Gensvar_copied from "@salesforce/label/c.Gensvar_copied";
import Gensvar_unreadable from "@salesforce/label/c.Gensvar_unreadable";
import Gensvar_actions_unreachable from "@salesforce/label/c.Gensvar_actions_unreachable";
import Gensvar_title_not_set_up from "@salesforce/label/c.Gensvar_title_not_set_up";
import Gensvar_no_answer_hint from "@salesforce/label/c.Gensvar_no_answer_hint";
import Gensvar_refresh from "@salesforce/label/c.Gensvar_refresh";
import Gensvar_open_task from "@salesforce/label/c.Gensvar_open_task";
import Gensvar_still_open from "@salesforce/label/c.Gensvar_still_open";
import Gensvar_send_key from "@salesforce/label/c.Gensvar_send_key";
import Gensvar_cause_unclear_communication from "@salesforce/label/c.Gensvar_cause_unclear_communication";
import Gensvar_cause_slow_reply from "@salesforce/label/c.Gensvar_cause_slow_reply";
import Gensvar_cause_missing_follow_up from "@salesforce/label/c.Gensvar_cause_missing_follow_up";
import Gensvar_cause_unmet_expectation from "@salesforce/label/c.Gensvar_cause_unmet_expectation";
import Gensvar_cause_no_personal_contact from "@salesforce/label/c.Gensvar_cause_no_personal_contact";
import Gensvar_cause_product_fault from "@salesforce/label/c.Gensvar_cause_product_fault";
import Gensvar_cause_price from "@salesforce/label/c.Gensvar_cause_price";
import Gensvar_cause_other from "@salesforce/label/c.Gensvar_cause_other";
import Gensvar_outcome_solved from "@salesforce/label/c.Gensvar_outcome_solved";
import Gensvar_outcome_partly from "@salesforce/label/c.Gensvar_outcome_partly";
import Gensvar_outcome_not_solved from "@salesforce/label/c.Gensvar_outcome_not_solved";
import Gensvar_outcome_not_reached from "@salesforce/label/c.Gensvar_outcome_not_reached";
import Gensvar_reason_erased from "@salesforce/label/c.Gensvar_reason_erased";
import Gensvar_reason_gone from "@salesforce/label/c.Gensvar_reason_gone";
import Gensvar_reason_test_person from "@salesforce/label/c.Gensvar_reason_test_person";
import Gensvar_reason_unsubscribed from "@salesforce/label/c.Gensvar_reason_unsubscribed";
import Gensvar_reason_opted_out from "@salesforce/label/c.Gensvar_reason_opted_out";
import Gensvar_reason_no_address from "@salesforce/label/c.Gensvar_reason_no_address";
import Gensvar_reason_bounced from "@salesforce/label/c.Gensvar_reason_bounced";
import Gensvar_reason_follow_up_open from "@salesforce/label/c.Gensvar_reason_follow_up_open";
import Gensvar_reason_outside_window from "@salesforce/label/c.Gensvar_reason_outside_window";
import Gensvar_reason_answered_recently from "@salesforce/label/c.Gensvar_reason_answered_recently";
import Gensvar_reason_declined_recently from "@salesforce/label/c.Gensvar_reason_declined_recently";
import Gensvar_reason_asked_recently from "@salesforce/label/c.Gensvar_reason_asked_recently";
import Gensvar_reason_company_cap from "@salesforce/label/c.Gensvar_reason_company_cap";
import Gensvar_reason_quiet_hours from "@salesforce/label/c.Gensvar_reason_quiet_hours";
import Gensvar_reason_not_sampled from "@salesforce/label/c.Gensvar_reason_not_sampled";

export const texts = {
  title: Gensvar_title,
  score: Gensvar_score,
  promoter: Gensvar_promoter,
  passive: Gensvar_passive,
  detractor: Gensvar_detractor,
  relational: Gensvar_relational,
  transactional: Gensvar_transactional,
  answered: Gensvar_answered,
  touchpoint: Gensvar_touchpoint,
  comment: Gensvar_comment,
  no_comment: Gensvar_no_comment,
  no_contact: Gensvar_no_contact,
  up: Gensvar_up,
  down: Gensvar_down,
  same: Gensvar_same,
  first: Gensvar_first,
  history: Gensvar_history,
  no_history: Gensvar_no_history,
  history_unreachable: Gensvar_history_unreachable,
  more_history: Gensvar_more_history,
  follow_up: Gensvar_follow_up,
  follow_up_open: Gensvar_follow_up_open,
  follow_up_closed: Gensvar_follow_up_closed,
  follow_up_none: Gensvar_follow_up_none,
  owner: Gensvar_owner,
  no_owner: Gensvar_no_owner,
  due: Gensvar_due,
  overdue: Gensvar_overdue,
  asked: Gensvar_asked,
  next_ask: Gensvar_next_ask,
  next_ask_now: Gensvar_next_ask_now,
  next_ask_from: Gensvar_next_ask_from,
  not_now: Gensvar_not_now,
  never_asked: Gensvar_never_asked,
  no_answer: Gensvar_no_answer,
  send: Gensvar_send,
  send_about: Gensvar_send_about,
  send_link: Gensvar_send_link,
  send_refused: Gensvar_send_refused,
  send_waiting: Gensvar_send_waiting,
  send_nothing: Gensvar_send_nothing,
  handle: Gensvar_handle,
  cause: Gensvar_cause,
  outcome: Gensvar_outcome,
  choose: Gensvar_choose,
  save: Gensvar_save,
  cancel: Gensvar_cancel,
  handled: Gensvar_handled,
  loading: Gensvar_loading,
  failed: Gensvar_failed,
  not_set_up: Gensvar_not_set_up,
  try_again: Gensvar_try_again,
  show_all: Gensvar_show_all,
  show_less: Gensvar_show_less,
  link: Gensvar_link,
  copy: Gensvar_copy,
  copied: Gensvar_copied,
  unreadable: Gensvar_unreadable,
  actions_unreachable: Gensvar_actions_unreachable,
  title_not_set_up: Gensvar_title_not_set_up,
  no_answer_hint: Gensvar_no_answer_hint,
  refresh: Gensvar_refresh,
  open_task: Gensvar_open_task,
  still_open: Gensvar_still_open,
  send_key: Gensvar_send_key,
};

export const causes = {
  unclear_communication: Gensvar_cause_unclear_communication,
  slow_reply: Gensvar_cause_slow_reply,
  missing_follow_up: Gensvar_cause_missing_follow_up,
  unmet_expectation: Gensvar_cause_unmet_expectation,
  no_personal_contact: Gensvar_cause_no_personal_contact,
  product_fault: Gensvar_cause_product_fault,
  price: Gensvar_cause_price,
  other: Gensvar_cause_other,
};

export const outcomes = {
  solved: Gensvar_outcome_solved,
  partly: Gensvar_outcome_partly,
  not_solved: Gensvar_outcome_not_solved,
  not_reached: Gensvar_outcome_not_reached,
};

export const reasons = {
  erased: Gensvar_reason_erased,
  gone: Gensvar_reason_gone,
  test_person: Gensvar_reason_test_person,
  unsubscribed: Gensvar_reason_unsubscribed,
  opted_out: Gensvar_reason_opted_out,
  no_address: Gensvar_reason_no_address,
  bounced: Gensvar_reason_bounced,
  follow_up_open: Gensvar_reason_follow_up_open,
  outside_window: Gensvar_reason_outside_window,
  answered_recently: Gensvar_reason_answered_recently,
  declined_recently: Gensvar_reason_declined_recently,
  asked_recently: Gensvar_reason_asked_recently,
  company_cap: Gensvar_reason_company_cap,
  quiet_hours: Gensvar_reason_quiet_hours,
  not_sampled: Gensvar_reason_not_sampled,
};
