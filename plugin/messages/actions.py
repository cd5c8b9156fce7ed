"""A message's verbs: each in one transaction, which holds its row; pressed twice, or on an old page, each says how it
stands and changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.errors import Problem
from plugin.messages import audience, drafts, questions, rules, stepping, words
from plugin.messages.drafts import Draft
from plugin.messages.questions import Check
from plugin.messages.rules import Plan
from plugin.messages.store import message, messaging
from plugin.segments import known
from plugin.services import Services

BY_ITSELF = Who("", "Gensvar")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether something was *done*, and in words what, or why not."""

    done: bool
    words: str


def save(services: Services, who: Who, change_id: str, plan: Plan, stamp: str) -> Outcome:
    """Raises ``Problem``: ``not_found``, ``field_invalid`` with all that is wrong."""
    now = services.clock.now()
    with services.database.write() as connection:
        draft = drafts.held(connection, change_id, now, who.id)
        if draft.state != "draft":
            return Outcome(False, f"Nothing was changed: it is {words.STATES[draft.state][0]}.")
        if draft.row is not None and draft.row.revision > 1 and stamp != draft.stamp:
            return Outcome(False, "Somebody else changed it meanwhile. This is how it is now.")
        segments = [one.key for one in known.every(connection, put_away=True)]
        wrong = rules.errors(plan, segments, draft.languages, now)
        if wrong:
            raise Problem("field_invalid", " ".join(wrong.values()), fields=wrong)
        _write(connection, draft, **rules.values_of(plan), accepted=[])
        audit(connection, who, "changed", _name(draft), _said(plan))
    return Outcome(True, "Saved.")


def checked(connection: Connection, services: Services, draft: Draft, now: datetime) -> Check:
    """What is wrong and what is asked, as things stand."""
    found = audience.audience(connection, services, draft.change, draft.plan, draft.languages, now)
    return questions.check(connection, services, draft, found, now)


def send(
    services: Services, who: Who, change_id: str, stamp: str, accepted: Sequence[str] = ()
) -> Outcome:
    """Begins, or begins again for those who came since; asks for a second person's approval first where that is the
    rule. *accepted*: keys of the questions that were answered with yes. Raises ``Problem("field_invalid")`` with what
    is wrong, and with the questions that are open."""
    now = services.clock.now()
    with services.database.read() as connection:
        seen = drafts.load(connection, change_id)
        two = drafts.settings(connection).second_person
        verb = "ask" if two and seen.state in ("draft", "done") else "send"
        if seen.state not in rules.MOVES[verb][0]:
            return Outcome(False, words.refused(verb, seen.state))
        given = [*accepted, *(seen.row.accepted if seen.row is not None else ())]
        _stop_at(checked(connection, services, seen, now), given)
    with services.database.write() as connection:
        draft = drafts.held(connection, change_id, now, who.id)
        if draft.state not in rules.MOVES[verb][0]:
            return Outcome(False, words.refused(verb, draft.state))
        if stamp != seen.stamp or (draft.plan, draft.texts) != (seen.plan, seen.texts):
            return Outcome(False, "It was changed meanwhile. Look at it again, then send it.")
        values = _asked(who, now) if verb == "ask" else _begun(draft, now)
        _write(connection, draft, accepted=given, texts=draft.texts, **values)
        audit(connection, who, "asked approval of" if verb == "ask" else "sent", _name(draft))
        if verb == "send":
            stepping.again(connection, change_id, now, max(now, draft.plan.send_at or now))
    services.wake.set()
    return Outcome(True, words.done(verb))


def approve(services: Services, who: Who, change_id: str, stamp: str) -> Outcome:
    """By another administrator than who asked, and of what she saw."""
    now = services.clock.now()
    with services.database.write() as connection:
        draft = drafts.held(connection, change_id, now, who.id)
        if draft.row is None or draft.state != "waiting":
            return Outcome(False, words.refused("approve", draft.state))
        if draft.row.asked_by == who.id:
            return Outcome(False, "You asked for it, so somebody else has to approve it.")
        if stamp != draft.stamp:
            return Outcome(False, "It was changed meanwhile. Look at it again, then approve it.")
        approved = {"approved_by": who.id, "approved_by_name": who.name, "approved_at": now}
        _write(connection, draft, state="approved", **approved)
        audit(connection, who, "approved", _name(draft))
    return Outcome(True, words.done("approve"))


def withdraw(services: Services, who: Who, change_id: str) -> Outcome:
    """A draft again, with the texts as the change has them; or done as before, where it was sent once."""
    return _move(services, who, change_id, "withdraw", "took back", _back)


def pause(services: Services, who: Who, change_id: str) -> Outcome:
    return _move(services, who, change_id, "pause", "paused")


def resume(services: Services, who: Who, change_id: str) -> Outcome:
    return _move(services, who, change_id, "resume", "resumed")


def stop(services: Services, who: Who, change_id: str) -> Outcome:
    """For good: what nobody has begun never leaves."""
    ended = {"ended_at": services.clock.now()}
    return _move(services, who, change_id, "stop", "stopped", lambda draft: ended)


def set_rules(services: Services, who: Who, *, second_person: bool, by_itself: bool) -> None:
    """What holds for all messages; changes that are done from now on tell of themselves."""
    now = services.clock.now()
    with services.database.write() as connection:
        old = drafts.settings(connection)
        since = (old.by_itself_since or now) if by_itself else None
        values = {"second_person": second_person, "by_itself_since": since}
        connection.execute(messaging.update().values(**values))
        said = f"a second person approves: {_yes(second_person)}; goes out by itself: {_yes(by_itself)}"
        audit(connection, who, "changed", "messages", said)


def _move(
    services: Services,
    who: Who,
    change_id: str,
    verb: str,
    noted: str,
    more: Callable[[Draft], dict[str, Any]] = lambda draft: {},
) -> Outcome:
    now = services.clock.now()
    with services.database.write() as connection:
        draft = drafts.held(connection, change_id, now, who.id)
        sources, target = rules.MOVES[verb]
        if draft.state not in sources:
            return Outcome(False, words.refused(verb, draft.state))
        _write(connection, draft, **({"state": target} | more(draft)))
        audit(connection, who, noted, _name(draft))
        if verb in ("resume", "stop"):
            stepping.at_once(connection, change_id, now)
    services.wake.set()
    return Outcome(True, words.done(verb))


def _back(draft: Draft) -> dict[str, Any]:
    """A draft was asked for and approved by nobody."""
    return (
        {"state": "done"}
        if draft.begun
        else {"state": "draft", "texts": None, **_by_nobody("asked", "approved")}
    )


def _by_nobody(*verbs: str) -> dict[str, Any]:
    empty = {"by": None, "by_name": "", "at": None}
    return {f"{verb}_{name}": value for verb in verbs for name, value in empty.items()}


def _stop_at(found: Check, accepted: Sequence[str]) -> None:
    wrong = {f"wrong-{n}": text for n, text in enumerate(found.wrong, 1)}
    wrong |= {f"accept-{one.key}": one.text for one in found.open(accepted)}
    if wrong:
        raise Problem("field_invalid", " ".join(wrong.values()), fields=wrong)


def _asked(who: Who, now: datetime) -> dict[str, Any]:
    asked = {"asked_by": who.id, "asked_by_name": who.name, "asked_at": now}
    return {"state": "waiting", **asked, **_by_nobody("approved")}


def _begun(draft: Draft, now: datetime) -> dict[str, Any]:
    row = draft.row
    first = {} if row is not None and row.started_at else {"started_at": now}
    wave = {"wave": 1 + (row.wave if row is not None else 0), "mark": "", "frozen_at": None}
    return {"state": "sending", "next_at": None, "ended_at": None, **wave, **first}


def _write(connection: Connection, draft: Draft, **values: Any) -> None:
    mine = message.update().where(message.c.change == draft.change.id)
    connection.execute(mine.values(revision=message.c.revision + 1, **values))


def _name(draft: Draft) -> str:
    return f"message of change {draft.change.id}"


def _said(plan: Plan) -> str:
    parts = [f"by {' and '.join(plan.channels)}"]
    parts += [
        f"{name}: {', '.join(keys)}"
        for name in ("plus", "only", "minus")
        if (keys := getattr(plan, name))
    ]
    parts += [f"{plan.per_hour} an hour"] if plan.per_hour else []
    return "; ".join(parts)


def _yes(said: bool) -> str:
    return "yes" if said else "no"
