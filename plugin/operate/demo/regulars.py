"""Customers of many years, of both CRMs: whose answers the demo's figures are made of. Everybody is invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from connectors.sandbox.believable import COMPANIES, Company

T = TypeVar("T")

# By language: first names, and last names in their order.
_NAMES = {
    "sv": ("Maria Anders Karin Lars Elin Gustav Sofia Oskar Hanna Erik Linnea Viktor Sara Johan Emma",
           "Lundgren Ek Sjöberg Wallin Hedlund Norén Forsman Ahlström Dahlberg Blom Strand Kvist Falk Lind Rosén"),
    "no": ("Kari Ola Silje Magnus Marte Henrik Guro Eirik Hilde Sindre Tuva Øyvind Ragnhild Stian",
           "Haugen Bakke Lie Moen Strøm Dahl Nygård Sunde Aas Viken Berge Foss Hauge Lund"),
    "da": ("Mette Søren Line Rasmus Signe Mikkel Ditte Anton Katrine Emil Trine Jeppe Rikke Asger",
           "Holm Krogh Bruun Frost Toft Lykke Skov Dam Juhl Friis Munk Bach Winther Vester"),
    "fi": ("Katri Jussi Sanna Ville Noora Tapio Riikka Mikko Heidi Sampo Outi Eero",
           "Lehto Salmi Koski Aalto Rinne Harju Saari Mäki Niemi Laine Heino Ranta"),
    "de": ("Anke Stefan Claudia Markus Birgit Holger Nadine Torsten Ulrike Jens Petra Ralf Silke Uwe Heike",
           "Schubert Krause Lorenz Winkler Pohl Engel Arnold Busch Haas Sauer Kuhn Franke Ziegler Ott Jung"),
    "en": ("Alice George Helen Martin Grace Simon Laura Daniel Ruth Peter Joan Keith Megan Owen Fiona Neil",
           "Barnes Cole Dawson Ellis Foster Gibson Hughes Irwin Jarvis Kent Lowe Marsh Nolan Parry Reeve Shaw"),
}  # fmt: skip
FIRMS = (
    "Havsvind Energi AB", "Norrsken Möbler AB", "Fjellbygg AS", "Sund & Søn ApS", "Lakeus Oy",
    "Elbwerk GmbH", "Hofladen Ostsee eG", "Copper Lane Ltd", "Millbrook Foods Ltd",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Regular:
    """*like*: the company whose plan, value and years as a customer theirs has too."""

    first: str
    last: str
    language: str
    firm: str
    like: Company

    @property
    def email(self) -> str:
        """Plain letters before a domain that leads nowhere."""
        plain = f"{self.first}.{self.last}".lower().translate(_PLAIN)
        return f"{plain}@regulars.example"


_PLAIN = str.maketrans({"å": "a", "ä": "a", "ö": "o", "ø": "o", "é": "e", "æ": "a"})


def regulars() -> list[Regular]:
    """In the order of their first names, so that any part of them is of all languages."""
    named = sorted(
        (one, last, language)
        for language, (first, lasts) in _NAMES.items()
        for one, last in _pairs(first.split(), lasts.split())
    )
    return [
        Regular(first, last, language, _nth(FIRMS, number), _nth(COMPANIES, number))
        for number, (first, last, language) in enumerate(named)
    ]


def _nth(some: Sequence[T], number: int) -> T:
    """Round and round."""
    return some[number % len(some)]


def _pairs(first: list[str], last: list[str]) -> Iterator[tuple[str, str]]:
    """Each first name with its last name, and every other one with another's too."""
    yield from zip(first, last, strict=True)
    yield from zip(first[::2], last[1::2], strict=False)
