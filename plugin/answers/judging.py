"""Whose answer a post is, what stands after it, and whether it counts: posts of one group, each by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy.engine import Row

from plugin.answers.rules import (
    COUNTED,
    PROVISIONAL,
    SET_ASIDE,
    Refusal,
    Said,
    Submission,
    next_said,
    on_scale,
)
from plugin.db import new_id
from plugin.evidence.actions import Known
from plugin.evidence.rules import Act, Facts, Rival, Verdict, decoy_alone, judge, outweighs

MOST_HANDS = 12  # uncounted answers kept apart of one ask; whatever comes later revises one of them
BARE, REST, OWN_PAGE = "bare", "rest", ""


@dataclass(frozen=True, slots=True)
class Post:
    """A submission whose token was opened: ``ask`` is the id inside it. ``act`` is how it came about; on a host's
    own page (``apart`` false) only decoys are looked at."""

    ask: str
    submission: Submission
    act: Act | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands after a post; ``before`` is ``None`` for an answer's first revision. ``was`` and ``standing`` are
    whether it counted before and does now; ``was`` is empty for a new answer."""

    answer: str
    ask: Row[Any]
    before: Said | None
    said: Said
    hand: str = OWN_PAGE
    was: str = ""
    standing: str = COUNTED

    @property
    def revised(self) -> bool:
        return self.before is None or self.before.revision != self.said.revision

    @property
    def changed(self) -> bool:
        return self.revised or self.was != self.standing

    @property
    def turn(self) -> str:
        """What makes the effects of this revision happen once, and once more if it counts again."""
        return f"{self.said.revision}:{new_id()}" if self.again else f"{self.said.revision}"

    @property
    def again(self) -> bool:
        """It counts as a first answer, and is an older one all the same."""
        return self.before is None and self.was in (PROVISIONAL, SET_ASIDE)


Result: TypeAlias = Recorded | Refusal


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of an ask as it stands."""

    answer: str
    hand: str
    standing: str
    said: Said | None


@dataclass
class Sheet:
    """All that is known of one ask while a group is judged."""

    ask: Row[Any]
    counted: Entry | None
    others: dict[str, Entry] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    overruled: list[Recorded] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Results in the order of the posts, each post's verdict where one was needed, and counted answers that no
    longer count since."""

    results: list[Result]
    verdicts: list[Verdict | None]
    overruled: list[Recorded]


def judge_all(
    posts: Sequence[Post], sheets: Mapping[str, Sheet], now: datetime, window: timedelta
) -> Judgement:
    """In order of arrival: a second post of one token in the same group is a revision of the first."""
    results: list[Result] = []
    verdicts: list[Verdict | None] = []
    for post in posts:
        sheet = sheets.get(post.ask)
        if sheet is None or sheet.ask.erased_at is not None:
            results.append(Refusal("link_invalid"))
            verdicts.append(None)
            continue
        verdict = _verdict(sheet, post, now)
        results.append(_judged(sheet, post, verdict, now, window))
        verdicts.append(verdict)
    seen = {id(sheet): sheet for sheet in sheets.values()}
    return Judgement(results, verdicts, [r for sheet in seen.values() for r in sheet.overruled])


def _verdict(sheet: Sheet, post: Post, now: datetime) -> Verdict:
    if not post.apart or post.act is None:
        return decoy_alone(post.act)
    return judge(
        Facts(
            act=post.act,
            score=post.submission.score,
            at=now,
            mailed_at=sheet.ask.mailed_at,
            openings=sheet.known.openings,
            rivals=sheet.known.rivals,
        )
    )


def _judged(sheet: Sheet, post: Post, verdict: Verdict, now: datetime, window: timedelta) -> Result:
    if sheet.counted is not None and _over(sheet.counted, now, window):
        return Refusal("already_answered")
    if not on_scale(sheet.ask.kind, post.submission.score):
        return Refusal("score_not_on_scale")
    entry = _whose(sheet, _hand(post), verdict)
    said = next_said(entry.said, post.submission, now, timedelta.max)
    if isinstance(said, Refusal):
        return said
    standing = _standing(entry, verdict)
    if standing == COUNTED and entry.standing == PROVISIONAL:
        said = replace(said, answered_at=now)  # the first answer that a human gave
    made = Recorded(entry.answer, sheet.ask, entry.said, said, entry.hand, entry.standing, standing)
    _settle(sheet, post, made, verdict, now)
    return made


def _over(counted: Entry, now: datetime, window: timedelta) -> bool:
    return counted.said is not None and now - counted.said.answered_at >= window


def _hand(post: Post) -> str:
    if not post.apart:
        return "decoy" if post.act is not None and post.act.website else OWN_PAGE
    made = post.act.rendering if post.act else None
    return made.id if made else BARE


def _whose(sheet: Sheet, hand: str, verdict: Verdict) -> Entry:
    """A human's post revises what counts, from whichever page; a machine's only what came from the same page."""
    counted = sheet.counted
    if counted is not None and (verdict.human or (counted.hand == hand and hand != BARE)):
        return counted
    if hand not in sheet.others and not verdict.human and len(sheet.others) >= MOST_HANDS:
        hand = REST
    return sheet.others.get(hand) or Entry(new_id(), hand, "", None)


def _standing(entry: Entry, verdict: Verdict) -> str:
    """What an administrator has set aside stays so."""
    if entry.standing == SET_ASIDE:
        return SET_ASIDE
    return COUNTED if verdict.human else PROVISIONAL


def _settle(sheet: Sheet, post: Post, made: Recorded, verdict: Verdict, now: datetime) -> None:
    if verdict.reason == "scores" and sheet.counted is not None and made.was != COUNTED:
        _contradicted(sheet, post)
    entry = Entry(made.answer, made.hand, made.standing, made.said)
    if made.standing == COUNTED:
        sheet.counted = entry
        sheet.others.pop(made.hand, None)
    else:
        sheet.others[made.hand] = entry
        if sheet.counted is not None and sheet.counted.answer == made.answer:
            sheet.counted = None
    if post.act is not None and post.act.rendering is not None:
        rival = Rival(post.act.rendering.id, made.said.score, now, verdict.reason)
        sheet.known.rivals.append(rival)


def _contradicted(sheet: Sheet, post: Post) -> None:
    """Of two who contradict each other neither is believed, unless one of them was seen and the other was not."""
    counted = sheet.counted
    if counted is None or counted.said is None or post.act is None:
        return
    spoke = [r for r in sheet.known.rivals if r.reason in ("hand", "form")]
    if not spoke or not outweighs(post.act, max(spoke, key=lambda r: r.at).reason):
        return
    said = counted.said
    sheet.overruled.append(
        Recorded(counted.answer, sheet.ask, said, said, counted.hand, COUNTED, PROVISIONAL)
    )
    sheet.others[counted.hand] = replace(counted, standing=PROVISIONAL)
    sheet.counted = None
