"""The people of the demo: several languages, companies and owners, one who opted out, one who was
merged, and an owner who has left. Names and companies are invented."""

from dataclasses import dataclass


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
    key: str
    name: str
    domain: str
    owner: str = ""


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
    Company("fjord", "Fjordlinje Logistikk", "fjordlinje.example", "astrid"),
    Company("birch", "Björk & Bygg AB", "bjorkbygg.example", "astrid"),
    Company("mill", "Rosenmühle GmbH", "rosenmuehle.example", "jonas"),
    Company("sea", "Mer & Vent SARL", "mervent.example", "mireille"),
    Company("desk", "Tidy Desk Ltd", "tidydesk.example"),
    Company("date", "شركة نخيل الواحة", "nakheel.example", "mireille"),
)

PEOPLE = (
    Person("Ebba", "Sandström", "ebba@bjorkbygg.example", "birch", "astrid", "sv"),
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
