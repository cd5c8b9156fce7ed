"""What the customers' routes share in one process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from flask import Flask, current_app

from plugin.answers import actions, standing
from plugin.answers.actions import Consequences
from plugin.answers.judging import Post
from plugin.answers.receipts import Receipt, receipt
from plugin.answers.rules import EDIT_WINDOW, Refusal
from plugin.asking.frequency import day_of
from plugin.evidence.actions import Opened, hold, note
from plugin.evidence.stamps import Stamps
from plugin.groupcommit import Committing, GroupCommit
from plugin.scribe import Scribe
from plugin.services import Services
from plugin.web import Limit
from widget.tokens import Tokens

Told: TypeAlias = Receipt | Refusal


@dataclass(frozen=True)
class Door:
    """Posts that arrive together share one transaction, and so do links that are fetched together."""

    tokens: Tokens
    stamps: Stamps
    recorder: "Committing[Post, Told]"
    openings: "Committing[Opened, Opened]"
    per_token: Limit
    per_address: Limit  # invalid tokens only: an honest one is never refused for its address


def build_door(shared: Services, tokens: Tokens, consequences: Consequences) -> Door:
    window = shared.clock.scaled(EDIT_WINDOW)
    day = day_of(shared.clock)

    def record(connection: Any, posts: Sequence[Post]) -> list[Told]:
        results = actions.record(
            connection,
            posts,
            now=shared.clock.now(),
            window=window,
            consequences=consequences.told,
            undoing=consequences.undone,
            day=day,
        )
        return [receipt(result) for result in results]

    def keep(connection: Any, opened: Sequence[Opened]) -> Sequence[Opened]:
        decoys = [one for one in opened if one.opening.by]
        if decoys:
            hold(connection, {one.ask for one in decoys})
        note(connection, opened)
        if decoys:
            touched = [one.opening.by for one in decoys]
            standing.doubt(connection, touched, shared.clock.now(), consequences, day)
        return opened

    return Door(
        tokens,
        Stamps(shared.settings.signing_keys),
        GroupCommit(shared.database, record),
        GroupCommit(shared.database, keep),
        Limit(30),
        Limit(60),
    )


def write_apart(app: Flask, lines: int) -> Callable[[], None]:
    """From now on a process of its own writes the answers, for as many at once as there are *lines*; what is returned
    ends it. A post that is recorded twice is one answer. Call it before any thread is started."""
    made: Door = app.extensions["gensvar.answers"]
    assert isinstance(made.recorder, GroupCommit)  # noqa: S101
    scribe = Scribe(made.recorder, lines)
    app.extensions["gensvar.answers"] = replace(made, recorder=scribe)
    return scribe.stop


def door() -> Door:
    found: Door = current_app.extensions["gensvar.answers"]
    return found
