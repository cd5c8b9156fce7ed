"""What the demo's regulars wrote, by touchpoint and by how they answered."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Remarks: TypeAlias = Mapping[str, Sequence[str]]  # by language

_KIND: Remarks = {
    "sv": ("Trevlig och kunnig personal.", "Ni är alltid så hjälpsamma."),
    "no": ("Hyggelig og dyktig kundeservice.", "Dere er alltid så hjelpsomme."),
    "da": ("Venlig og dygtig medarbejder.", "I er altid så hjælpsomme."),
    "fi": ("Ystävällinen ja osaava palvelu.", "Olette aina avuliaita."),
    "de": ("Freundlich und kompetent.", "Immer sehr hilfsbereit."),
    "en": ("Friendly and knowledgeable people.", "You are always so helpful."),
}
_UNCLEAR: Remarks = {
    "sv": ("Instruktionerna var otydliga.", "Det gick sönder igen efter två dagar."),
    "no": ("Forklaringen var uklar.", "Feilen kom tilbake etter to dager."),
    "da": ("Vejledningen var uklar.", "Fejlen kom igen efter to dage."),
    "fi": ("Ohjeet olivat epäselviä.", "Vika palasi kahden päivän jälkeen."),
    "de": ("Die Anleitung war unklar.", "Der Fehler kam nach zwei Tagen wieder."),
    "en": ("The instructions were confusing.", "It broke again two days later."),
}
_UNANNOUNCED: Remarks = {
    "sv": ("Leveransen kom utan förvarning, och ingen var på lagret.",
           "Leveransen kom en annan dag än ni sa."),
    "no": ("Leveringen kom uten varsel, og ingen var på lageret.",
           "Leveringen kom en annen dag enn dere sa."),
    "da": ("Leveringen kom uden varsel, og der var ingen på lageret.",
           "Leveringen kom en anden dag, end I sagde."),
    "fi": ("Toimitus tuli ilmoittamatta, eikä varastolla ollut ketään.",
           "Toimitus tuli eri päivänä kuin sanoitte."),
    "de": ("Die Lieferung kam unangekündigt, und niemand war im Lager.",
           "Die Lieferung kam an einem anderen Tag als gesagt."),
    "en": ("The delivery came unannounced and nobody was in the warehouse.",
           "The delivery came on another day than you said."),
}  # fmt: skip
_ANNOUNCED: Remarks = {
    "sv": ("Bra att leveransen aviseras dagen innan.",), "no": ("Bra at leveringen varsles dagen før.",),
    "da": ("Godt at leveringen varsles dagen før.",),
    "fi": ("Hyvä, että toimituksesta ilmoitetaan edellisenä päivänä.",),
    "de": ("Gut, dass die Lieferung am Vortag angekündigt wird.",),
    "en": ("Good to hear of the delivery the day before.",),
}  # fmt: skip
_DEAR: Remarks = {
    "sv": ("Priset har höjts för mycket.",), "no": ("Prisen har økt for mye.",), "da": ("Prisen er steget for meget.",),
    "fi": ("Hinta on noussut liikaa.",), "de": ("Der Preis ist zu stark gestiegen.",),
    "en": ("The price has gone up too much.",),
}  # fmt: skip


def of(touchpoint: str, category: str, *, announced: bool) -> Remarks:
    """What somebody may have written; *announced*: deliveries are said the day before."""
    if category == "promoter":
        return _ANNOUNCED if touchpoint == "delivery" and announced else _KIND
    if touchpoint == "delivery":
        return _DEAR if announced else _UNANNOUNCED
    return _UNCLEAR if touchpoint == "support-case" else _DEAR
