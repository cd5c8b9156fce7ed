"""What a CRM's refusals mean in plain words, and what stands on a contact: pure, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy.engine import Row

from plugin.touchpoints.rules import MEASURES

if TYPE_CHECKING:
    from plugin.crm.reading import Answered, History

BUDGET_SHARE = 0.8  # of a day's calls: the rest is left to the customer's other integrations
POLL_SHARE = 0.7  # to look for changes: what is owed comes first
KEEP_SHARE = 0.6  # to keep fields and lists in step: what happened comes first
BUDGET_PROBE = timedelta(minutes=15)

Value: TypeAlias = str | int | datetime | None


@dataclass(frozen=True, slots=True)
class Plain:
    """What happened, and what a person can do about it."""

    what: str
    do: str


RECONNECT = "Open the installation in the admin pages and connect it again. Nothing is lost."
REPLAY = "Then replay the delivery."

REASONS: dict[str, Plain] = {
    # why an installation stands still
    "revoked": Plain("The CRM has taken our access back.", RECONNECT),
    "invalid_grant": Plain("The CRM has taken our access back, or it has run out.", RECONNECT),
    "grant_gone": Plain("The CRM has taken our access back, or it has run out.", RECONNECT),
    "unauthorized": Plain("The CRM no longer accepts our access.", RECONNECT),
    "moved": Plain("The org answers at another address now.", RECONNECT),
    "needs_reconnect": Plain("The CRM no longer accepts our access.", RECONNECT),
    "token_refused": Plain("The CRM no longer accepts the token it was connected with.", RECONNECT),
    "token_ended": Plain(
        "The token it was connected with has ended. A bare token cannot be renewed.",
        "Connect it in the browser (OAuth), or give a new token with gensvar install.",
    ),
    "refresh_unanswered": Plain(
        "The CRM did not answer twice while the access was renewed; it may have replaced it.",
        "Press Check: if the old access still works, everything goes on. Else connect again.",
    ),
    "client_refused": Plain(
        "The CRM refuses our client id or client secret. Nobody has revoked anything.",
        "Correct the client id and secret, in the settings or by connecting again with new ones.",
    ),
    "seal_broken": Plain(
        "The stored access cannot be opened with the encryption keys of this server.",
        "Put the old key back at the end of GENSVAR_ENCRYPTION_KEYS, or connect again.",
    ),
    "missing_right": Plain(
        "The connected user lacks a right that we need.",
        "Give the right that is named, then press Check; or connect again with the missing scope.",
    ),
    "disconnecting": Plain("It is being disconnected.", "Connect it again if that was a mistake."),
    "disconnected": Plain("It was disconnected here.", "Connect it again to go on."),
    "clash": Plain(
        "Something of the same name but of another type stands in the CRM already.",
        "Rename or remove it in the CRM, then run the set-up again.",
    ),
    # why a delivery is parked
    "contact_gone": Plain(
        "The contact was deleted in the CRM.",
        f"Restore the contact in the CRM if that was a mistake. {REPLAY}",
    ),
    "merge_circle": Plain(
        "The CRM names the contact as merged into itself.",
        f"Open the contact in the CRM and correct the merge. {REPLAY}",
    ),
    "setup_failed": Plain(
        "The CRM refused the fields we need.",
        "Read what it said, correct it in the CRM, then run the set-up again.",
    ),
    "kept_failing": Plain("It failed again and again.", f"Read what the CRM said. {REPLAY}"),
    "busy": Plain("The record was in use each time we came.", REPLAY),
    "refused": Plain(
        "The CRM refused the record.",
        f"Look for a rule, a required field or a missing permission in the CRM. {REPLAY}",
    ),
    "insufficient_access": Plain(
        "The connected user may not change this record.",
        f"Give that user access to it in the CRM. {REPLAY}",
    ),
    "forbidden": Plain(
        "The connected user may not do this.", f"Give the right in the CRM. {REPLAY}"
    ),
    "field_missing": Plain(
        "One of our fields is missing in the CRM, or hidden from the connected user.",
        f"Run the set-up again on the installation's page. {REPLAY}",
    ),
    "property_missing": Plain(
        "One of our properties is missing in the CRM.",
        f"Run the set-up again on the installation's page. {REPLAY}",
    ),
    "object_missing": Plain(
        "The object for answers is missing in the CRM, or hidden from the connected user.",
        f"Run the set-up again on the installation's page. {REPLAY}",
    ),
    "field_custom_validation_exception": Plain(
        "A validation rule in the CRM refuses the record.", f"Let it pass our fields. {REPLAY}"
    ),
    "required_field_missing": Plain(
        "The CRM requires a field that we do not fill.", f"Make it optional there. {REPLAY}"
    ),
    "cannot_insert_update_activate_entity": Plain(
        "A trigger or flow in the CRM refuses the record.", f"Correct it there. {REPLAY}"
    ),
    "duplicates_detected": Plain(
        "A duplicate rule in the CRM refuses the record.", f"Let it pass there. {REPLAY}"
    ),
    "storage_limit_exceeded": Plain("The CRM's storage is full.", f"Make room there. {REPLAY}"),
    "description_full": Plain(
        "The task's text is full, so no line can be added.", "Tell the task's owner yourself."
    ),
    "no_closed_status": Plain(
        "No status of a task means closed in the org, or the connected user cannot see them.",
        f"Give Task a status that counts as closed. {REPLAY}",
    ),
    "malformed_id": Plain("That is not the id of a contact.", "Ask with the contact's own id."),
    "id_invalid": Plain("That is not the id of a contact.", "Ask with the contact's own id."),
    "no_such_answer": Plain("The answer is no longer here.", "Nothing is owed any more."),
    # why something waits
    "daily_budget": Plain(
        "Most of the CRM's calls for today are used up; the rest is left to other integrations.",
        "Nothing to do: it goes on when the CRM gives calls again. Tasks are still delivered.",
    ),
    "too_many_requests": Plain("The CRM asks for a pause.", "Nothing to do: it goes on by itself."),
    "rate_limited": Plain("The CRM asks for a pause.", "Nothing to do: it goes on by itself."),
    "too_many_at_once": Plain("The CRM asks for a pause.", "Nothing to do: it goes on by itself."),
    **{
        code: Plain("The CRM does not answer.", "Nothing to do: it is tried until it answers.")
        for code in (
            "crm_unavailable",
            "crm_error",
            "timeout",
            "no_connection",
            "answer_unreadable",
        )
    },
    "tls": Plain(
        "The CRM's certificate could not be verified.",
        "See whether a proxy stands between this server and the CRM.",
    ),
    "setting_up": Plain("The CRM is being set up.", "Nothing to do: it is on its way."),
    "slow_crm": Plain("The CRM answers slowly.", "Nothing to do: it is tried again."),
    "refresh_pending": Plain("The access is being renewed.", "Nothing to do: it is tried again."),
}
UNKNOWN = Plain("The CRM refused it.", f"Read what it said, correct it in the CRM. {REPLAY}")


def plain(code: str) -> Plain:
    return REASONS.get(code, UNKNOWN)


def explain(code: str, detail: str = "") -> str:
    """What happened, the CRM's own words where there are any, and what to do: for pages and commands."""
    if not code:
        return ""
    known = REASONS.get(code)
    if known is None:
        return detail or UNKNOWN.what
    return " ".join(part for part in (known.what, detail, known.do) if part)


def contact_values(owner: Row[Any], history: "History") -> dict[str, Value]:
    """Every field of ours on *owner*'s contact, by neutral key: computed anew from the newest answer, whatever was
    delivered before, so that late or repeated deliveries cannot bring an older answer back."""
    return {
        "last_asked_at": owner.last_asked_at,
        "next_ask_at": owner.next_ask_at,
        "ask_refusal": owner.ask_refusal or None,
        **_answered(history),
        **_measured(history),
        **_followed(history.follow_ups),
    }


MEASURED = tuple(f"{kind}_{part}" for kind in MEASURES for part in ("score", "at"))


def _measured(history: "History") -> dict[str, Value]:
    """Satisfaction and effort, in fields of their own: the newest of each. Where nothing was ever written nothing is
    cleared."""
    if not (history.answers or history.measured or history.others):
        return {}
    values: dict[str, Value] = dict.fromkeys(MEASURED)
    for one in sorted(history.measured, key=lambda a: (a.answered_at, a.id)):
        values |= {f"{one.kind}_score": one.score, f"{one.kind}_at": one.answered_at}
    return values


ANSWER = (
    "score",
    "category",
    "comment",
    "touchpoint",
    "kind",
    "answered_at",
    "previous_score",
    "relational_score",
)


def _answered(history: "History") -> dict[str, Value]:
    """Where no answer was ever written nothing is cleared: what stands there may be of another installation."""
    answers: Sequence[Answered] = history.answers
    if not answers:
        return dict.fromkeys(ANSWER) if history.others else {}
    newest, *earlier = sorted(answers, key=lambda a: (a.answered_at, a.id), reverse=True)
    same_kind = [a for a in earlier if a.kind == newest.kind]
    relational = [a for a in (newest, *earlier) if a.kind == "relational"]
    return {
        "score": newest.score,
        "category": newest.category,
        "comment": newest.comment or None,
        "touchpoint": newest.touchpoint,
        "kind": newest.kind,
        "answered_at": newest.answered_at,
        "previous_score": same_kind[0].score if same_kind else None,
        "relational_score": relational[0].score if relational else None,
    }


FOLLOW_UP = ("follow_up", "follow_up_owner", "follow_up_due", "follow_up_task")


def _followed(follow_ups: Sequence[Row[Any]]) -> dict[str, Value]:
    """An open follow-up, the one due first, stands before a closed one."""
    if not follow_ups:
        return dict.fromkeys(FOLLOW_UP)
    still_open = [f for f in follow_ups if f.state == "open"]
    if still_open:
        shown = min(still_open, key=lambda f: f.due_at)
        return {
            "follow_up": "open",
            "follow_up_owner": shown.owner_name or None,
            "follow_up_due": shown.due_at,
            "follow_up_task": shown.task or None,
        }
    shown = max(follow_ups, key=lambda f: f.opened_at)
    return {
        "follow_up": "closed",
        "follow_up_owner": shown.owner_name or None,
        "follow_up_due": None,
        "follow_up_task": None,
    }


def over_budget(used: int, allowed: int, share: float = BUDGET_SHARE) -> bool:
    """Whether a day's calls are used so far that what may only use *share* of them must wait; tasks never do."""
    return allowed > 0 and used >= allowed * share


SIGN_IN: dict[str, Plain] = {
    "denied": Plain("You, or somebody at the CRM, said no.", "Start again if that was a mistake."),
    "config": Plain(
        "The CRM refuses our client id, client secret or callback address.",
        "Compare all three with the app you created in the CRM, then start again.",
    ),
    "expired": Plain(
        "The CRM's answer came too late.", "Start again; it takes less than a minute."
    ),
    "not_installed": Plain(
        "The org blocks apps that are not installed in it.",
        "Create the client app in this very org as the connect page says, or let somebody with the "
        "permission Approve Uninstalled Connected Apps sign in.",
    ),
    "refused": Plain("The CRM sent you back without a reason we know.", "Start again."),
}


def refused_sign_in(code: str) -> Plain:
    """Why connecting in the browser came to nothing."""
    return SIGN_IN.get(code) or REASONS.get(code) or SIGN_IN["refused"]
