"""The demo's story: three customers complained of slow replies, and something is about to be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.rules import CLI
from plugin.answers.actions import Post, Recorded, record
from plugin.answers.rules import EDIT_WINDOW, Submission
from plugin.asking.actions import Wish, decide
from plugin.asking.rules import Asked
from plugin.changes import actions as changes
from plugin.changes.forms import Draft
from plugin.clock import Clock
from plugin.crm.consequences import consequences
from plugin.crm.handling import handled
from plugin.followups.store import followup
from plugin.people.rules import ContactName
from plugin.services import Services

ANNOUNCED = timedelta(days=170)  # ago, and done since then
TOUCHPOINT = "support-case"


class Then(Clock):
    """The clock as it stood some time *ago*."""

    def __init__(self, ago: timedelta) -> None:
        super().__init__()
        self._ago = ago

    def now(self) -> datetime:
        return super().now() - self._ago


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody answered on the host page, so many *days* ago."""

    crm: str
    email: str
    locale: str
    score: int
    comment: str
    days: int


COMPLAINTS = (
    Complaint("hubspot", "maja@bjorkbygg.example", "sv", 4,
              "Lösningen var bra, men jag fick vänta fyra dagar på svar.", 10),
    Complaint("salesforce", "lukas@rosenmuehle.example", "de", 3,
              "Auf eine Antwort habe ich eine ganze Woche gewartet.", 8),
    Complaint("hubspot", "freja@fjordlinje.example", "da", 5,
              "Det tog alt for lang tid at få svar på mit spørgsmål.", 6),
)  # fmt: skip

FASTER = Draft(
    title="We answer within a day",
    internal_text="Two people more at the desk, and every case has somebody who owns it from the first hour.",
    themes=("slow_reply",),
    touchpoints=(TOUCHPOINT,),
    texts={
        "en": {
            "subject": "You waited too long. Now we answer within a day",
            "body": "Hello {first_name},\n\nThank you for telling us. You were right: there are more of us now, and "
            "everybody who writes gets an answer from a person within one working day.",
        },
        "sv": {
            "subject": "Du fick vänta för länge. Nu svarar vi inom en dag",
            "body": "Hej {first_name}!\n\nTack för att du sa det. Du hade rätt: vi har blivit fler, och nu får alla "
            "som skriver svar av en människa inom en arbetsdag.",
        },
        "de": {
            "subject": "Sie haben zu lange gewartet. Jetzt antworten wir innerhalb eines Tages",
            "body": "Guten Tag {first_name}!\n\nDanke, dass Sie es uns gesagt haben. Sie hatten recht: Wir sind jetzt "
            "mehr, und wer schreibt, bekommt innerhalb eines Arbeitstages Antwort von einem Menschen.",
        },
        "da": {
            "subject": "Du ventede for længe. Nu svarer vi inden for en dag",
            "body": "Hej {first_name}\n\nTak, fordi du sagde det. Du havde ret: Vi er blevet flere, og alle, der "
            "skriver, får nu svar fra et menneske inden for en arbejdsdag.",
        },
    },
)
BEFOREHAND = Draft(
    title="We say the day before when a delivery comes",
    internal_text="The carrier sends the time, and we pass it on by SMS.",
    themes=("delivery",),
    touchpoints=("delivery",),
    texts={
        "en": {
            "subject": "You will hear of your delivery the day before",
            "body": "Hello {first_name},\n\nYou told us that deliveries came unannounced. Now you hear of each of them "
            "the day before.",
        },
    },
)


def tell(shared: Services, installations: Mapping[str, str]) -> None:
    """Writes it down as if it had happened at its own times."""
    _announced(replace(shared, clock=Then(ANNOUNCED)))
    for one in COMPLAINTS:
        _complained(shared, installations[one.crm], one)
    changes.add(replace(shared, clock=Then(timedelta(days=4))), CLI, FASTER)


def _announced(then: Services) -> None:
    made = changes.add(then, CLI, replace(BEFOREHAND, effective_on=then.clock.now().date()))
    changes.move(then, CLI, made, "done")


def _complained(shared: Services, installation: str, one: Complaint) -> None:
    """And somebody talked to her the day after."""
    ago = timedelta(days=one.days)
    clock = Then(ago)
    wish = Wish(installation, ContactName(field="email", value=one.email), TOUCHPOINT)
    asked = decide(replace(shared, clock=clock), replace(wish, locale=one.locale))
    if not isinstance(asked, Asked):
        return
    said = Post(asked.ask, Submission("", one.score, one.comment, may_contact=True))
    with shared.database.write() as connection:
        (result,) = record(
            connection,
            [said],
            now=clock.now(),
            window=EDIT_WINDOW,
            consequences=consequences(clock).told,
        )
        if isinstance(result, Recorded):
            _talked_to(connection, result.answer, clock.now() + timedelta(days=1))


def _talked_to(connection: Connection, answer: str, at: datetime) -> None:
    opened = sa.select(followup.c.id).where(followup.c.answer == answer)
    for one in connection.scalars(opened).all():
        handled(connection, one, cause="slow_reply", outcome="solved", by="Astrid Holm", now=at)
