"""The letter of thanks to one customer, filled: the same for the mail, its preview and a test to oneself."""

from collections.abc import Mapping
from email.utils import parseaddr

from plugin.messages.placeholders import Slots, filled
from plugin.services import Services
from widget.heard import heard
from widget.inserted import plain
from widget.letter import Letter
from widget.locales import wording


def thanks(
    services: Services,
    *,
    locale: str,
    change_texts: Mapping[str, Mapping[str, str]],
    company: str,
    words: str,
    first_name: str,
    touchpoint_name: str,
    unsubscribe: str,
) -> Letter:
    """*change_texts* are the change's, by language; the letter is the one in *locale*, its frame in the same language.
    *words* is what this customer wrote: it is quoted above the text, unless the text itself says where it goes.
    *company* empty: whoever our mails come from; with *touchpoint_name* and *words* empty too she did not answer
    anything, and the frame does not say that she did. *unsubscribe* is the only link. Raises ``LookupError`` where
    there is no text in *locale*."""
    own = change_texts[locale]
    sender = company or parseaddr(services.settings.mail_from)[0]
    slots = Slots(first_name, sender, touchpoint_name, words)
    return heard(
        locale=locale,
        subject=[part for line in filled(own["subject"], slots, locale) for part in line],
        body=filled(own["body"], slots, locale),
        quote="" if "{words}" in own["body"] else words,
        company=sender,
        touchpoint=touchpoint_name,
        spoke=bool(company or words or touchpoint_name),
        unsubscribe=unsubscribe,
    )


def spoken(text: str, slots: Slots, locale: str) -> str:
    """One of a change's texts as plain text, filled."""
    direction = wording(locale).direction
    return "\n".join(plain(line, direction) for line in filled(text, slots, locale)).strip()
