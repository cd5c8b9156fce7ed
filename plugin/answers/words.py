"""What a customer reads back: an administrator's wording where there is one, else the built-in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Row

from plugin.answers.receipts import Receipt
from widget.locales import category, resolve
from widget.thanks import Promise, thanks


def replied(answer: Receipt, locale: str) -> dict[str, str]:
    """The optional texts of a reply to an answer: only what the widget would not say by itself."""
    group = category(answer.score)
    texts = {
        "follow_up_question": own(answer.wording, locale, "follow_up_question", group),
        "thanks": own(answer.wording, locale, "thanks", group),
        "next": thanks(resolve(locale), group, answer.may_contact, promise(answer)).next,
    }
    return {name: text for name, text in texts.items() if text}


def own(wording: Mapping[str, Any], locale: str, name: str, group: str) -> str:
    """The administrator's text, in the language asked or its parent; empty where there is none."""
    for tag in (locale, locale.split("-")[0], resolve(locale)):
        text = (wording.get(tag) or {}).get(name, {}).get(group, "")
        if text:
            return str(text)
    return ""


def promise(asked: Row[Any] | Receipt) -> Promise:
    """Within what time a detractor is told somebody gets back."""
    hours = asked.follow_up_hours
    if asked.follow_up_working_days:
        return Promise(amount=-(-hours // 24), unit="working_days")
    return Promise(amount=hours)
