"""The people of the demo: several languages, companies and owners, one who opted out, one who was
merged, and an owner who has left. Names and companies are invented."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone of the account who owns contacts."""

    key: str
    first: str
    last: str
    active: bool = True

    @property
    def email(self) -> str:
        return f"{self.key}@nordlys.example"


@dataclass(frozen=True, slots=True)
class Company:
    """A customer: *value* is A, B or C, *revenue* a year's, *renewal* when the contract ends."""

    key: str
    name: str
    domain: str
    owner: str = ""
    value: str = "C"
    revenue: int = 0
    plan: str = "Basic"
    since: date = date(2024, 1, 1)
    renewal: date = date(2027, 1, 1)


@dataclass(frozen=True, slots=True)
class Person:
    """A contact. ``twin`` is a second record of the same person that was merged into this one."""

    first: str
    last: str
    email: str
    company: str
    owner: str = ""
    language: str = "en"
    opted_out: bool = False
    twin: str = ""


COLLEAGUES = (
    Colleague("astrid", "Astrid", "Holm"),
    Colleague("jonas", "Jonas", "Weber"),
    Colleague("mireille", "Mireille", "Aubert"),
    Colleague("petter", "Petter", "Lindqvist", active=False),
)

COMPANIES = (
    Company("fjord", "Fjordlinje Logistikk", "fjordlinje.example", "astrid",
            "A", 84_000, "Business", date(2019, 3, 11), date(2027, 3, 11)),
    Company("birch", "Björk & Bygg AB", "bjorkbygg.example", "astrid",
            "B", 21_600, "Team", date(2021, 9, 1), date(2027, 9, 1)),
    Company("mill", "Rosenmühle GmbH", "rosenmuehle.example", "jonas",
            "A", 62_500, "Business", date(2020, 1, 15), date(2027, 1, 15)),
    Company("sea", "Mer & Vent SARL", "mervent.example", "mireille",
            "B", 18_200, "Team", date(2023, 5, 2), date(2027, 5, 2)),
    Company("desk", "Tidy Desk Ltd", "tidydesk.example", "",
            "C", 3_900, "Basic", date(2026, 8, 24), date(2027, 8, 24)),
    Company("date", "شركة نخيل الواحة", "nakheel.example", "mireille",
            "C", 5_400, "Team", date(2026, 10, 5), date(2027, 10, 5)),
)  # fmt: skip
AT = {company.key: company for company in COMPANIES}
LISTS = {
    "Customer advisory board": ("ebba@bjorkbygg.example", "ingrid@fjordlinje.example",
                                "lukas@rosenmuehle.example", "camille@mervent.example"),
    "Trying the new scheduler": ("oliver@tidydesk.example", "priya@tidydesk.example",
                                 "aino@fjordlinje.example"),
}  # fmt: skip

PEOPLE = (
    Person("Ebba", "Sandström", "ebba@bjorkbygg.example", "birch", "astrid", "sv"),
    Person("Maja", "Lindholm", "maja@bjorkbygg.example", "birch", "astrid", "sv"),
    Person("Nils", "Åkesson", "nils@bjorkbygg.example", "birch", "petter", "sv"),
    Person("Ingrid", "Solberg", "ingrid@fjordlinje.example", "fjord", "astrid", "no"),
    Person("Lukas", "Brandt", "lukas@rosenmuehle.example", "mill", "jonas", "de"),
    Person("Frieda", "Vogel", "frieda@rosenmuehle.example", "mill", "", "de"),
    Person("Camille", "Rousseau", "camille@mervent.example", "sea", "mireille", "fr"),
    Person("Oliver", "Grant", "oliver@tidydesk.example", "desk", "jonas", "en"),
    Person("Priya", "Nair", "priya@tidydesk.example", "desk", "", "en"),
    Person("Ana", "Belmonte", "ana@mervent.example", "sea", "mireille", "es"),
    Person("Sanne", "de Wit", "sanne@tidydesk.example", "desk", "jonas", "nl"),
    Person("Zofia", "Kamińska", "zofia@rosenmuehle.example", "mill", "jonas", "pl"),
    Person("Aino", "Virtanen", "aino@fjordlinje.example", "fjord", "astrid", "fi"),
    Person("Freja", "Kjær", "freja@fjordlinje.example", "fjord", "astrid", "da", opted_out=True),
    Person("ليلى", "حداد", "layla@nakheel.example", "date", "mireille", "ar"),
    Person("Tom", "Whitfield", "tom@tidydesk.example", "desk", "jonas", "en",
           twin="t.whitfield@tidydesk.example"),
)  # fmt: skip
