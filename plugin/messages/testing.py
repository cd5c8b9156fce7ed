"""A test to oneself: the mail as customers get it, to the administrator who asked for it, marked as a test. It quotes
no customer, and nobody was told by it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from plugin import mailboxes
from plugin.access.rules import Who
from plugin.access.store import administrator
from plugin.deliveries.actions import Owed, owe
from plugin.deliveries.trouble import DATABASE_TROUBLE
from plugin.deliveries.verdicts import Delivery, Unsure, Verdict, Void, Wait
from plugin.errors import Problem
from plugin.mail import lanes, letters
from plugin.mail.letters import Mail
from plugin.mail.office import Bounced, Office
from plugin.mail.singly import Singly
from plugin.mail.words import DOUBT
from plugin.messages import drafts
from plugin.messages.letters import thanks
from plugin.sealing import derived
from plugin.services import Services

KIND = "thanks_test"
MARK = "[Test]"
SAMPLE = {"words": "…", "first_name": "Kim"}


def send(services: Services, who: Who, change_id: str, locale: str, click: str) -> str:
    """The address that it goes to. *click*: one click of the button, however often it arrives here. Raises
    ``Problem("field_invalid")`` where she has no address, mail is off, or there is no text in *locale*."""
    lanes.require(services.settings)
    now = services.clock.now()
    with services.database.write() as connection:
        if locale not in drafts.texts(connection, change_id):
            _refuse("locale", "There is no text in this language.")
        to = str(connection.scalar(_ADDRESS, {"who": who.id}) or "")
        if not letters.deliverable(to):
            _refuse("test", "Your account has no e-mail address. Add it under Your account.")
        key = f"{KIND}:{change_id}:{derived(click, who.id)[:32]}"
        payload = {"change": change_id, "administrator": who.id, "locale": locale}
        lane = lanes.ensure(connection, services.settings)
        owe(connection, [Owed(lane, KIND, key, key, f"administrator:{who.id}", payload, now)], now)
    services.wake.set()
    return to


class Tests(Singly):
    """Kind ``thanks_test``."""

    def __init__(self, services: Services, office: Office) -> None:
        self._services = services
        self._office = office

    def _one(self, row: Delivery, within: float) -> Verdict:
        if row.in_doubt:
            return Unsure(DOUBT)
        try:
            with self._services.database.read() as connection:
                to = str(connection.scalar(_ADDRESS, {"who": row.payload["administrator"]}) or "")
                texts = drafts.texts(connection, row.payload["change"])
        except DATABASE_TROUBLE:
            raise Wait("storage_unavailable") from None
        to = letters.deliverable(to)
        if not to or row.payload["locale"] not in texts:
            return Void("no_message")
        sender = mailboxes.bare(self._services.settings.mail_from)
        envelope = self._office.envelope(self._mail(row, to, texts), sender)
        told = self._office.send(envelope, row, within)
        return Void("bounced") if isinstance(told, Bounced) else told

    def _mail(self, row: Delivery, to: str, texts: Mapping[str, Mapping[str, str]]) -> Mail:
        written = sample(self._services, texts, row.payload["locale"])
        return Mail(
            to=to,
            subject=f"{MARK} {written.subject}",
            text=f"{MARK}\n\n{written.text}",
            html=written.html,
            message_id=letters.message_id(self._services.settings, row.id),
        )


def sample(services: Services, texts: Mapping[str, Mapping[str, str]], locale: str) -> Any:
    """The letter to nobody in particular: what stands for her words is no customer's."""
    return thanks(
        services,
        locale=locale,
        change_texts=texts,
        company="",
        touchpoint_name="",
        unsubscribe=f"{services.settings.address()}/admin/",
        **SAMPLE,
    )


def _refuse(field: str, words: str) -> None:
    raise Problem("field_invalid", words, fields={field: words})


_ADDRESS = sa.select(administrator.c.email).where(administrator.c.id == sa.bindparam("who"))
