"""What an administrator would have set up by now: touchpoints with their wording, and keys for the host's server."""

from plugin.access import keys
from plugin.access.rules import CLI
from plugin.operate.demo.keeping import keep
from plugin.services import Services
from plugin.touchpoints import actions
from plugin.touchpoints.rules import Draft
from plugin.triggers import actions as triggers
from plugin.triggers.rules import Draft as Trigger

COMPANY = "Nordlys"

# How the touchpoint is called in the question, for every language the demo's people speak.
_SUBJECTS = {
    "support-case": {
        "en": "your support case", "sv": "ditt supportärende", "nb": "supportsaken din",
        "da": "din supportsag", "fi": "tukipyyntösi", "de": "Ihre Support-Anfrage",
        "fr": "votre demande d’assistance", "es": "su consulta al soporte",
        "nl": "uw supportvraag", "pl": "Twoje zgłoszenie", "ar": "طلب الدعم الخاص بك",
    },
    "delivery": {
        "en": "your delivery", "sv": "din leverans", "nb": "leveransen din",
        "da": "din levering", "fi": "toimituksesi", "de": "Ihre Lieferung",
        "fr": "votre livraison", "es": "su entrega",
        "nl": "uw levering", "pl": "Twoja dostawa", "ar": "عملية التسليم الخاصة بك",
    },
}  # fmt: skip
# An administrator's own words, in place of the built-in ones.
_OWN = {
    "sv.follow_up_question.detractor": "Vad hände i ditt supportärende, och vad borde vi ha gjort i stället?",
    "sv.thanks.detractor": "Tack för att du säger som det är.",
    "en.follow_up_question.detractor": "What went wrong with your support case?",
}

TOUCHPOINTS = (
    Draft("relationship", "Nordlys as a whole", "relational", "use", COMPANY, 2 * 24, True),
    Draft("support-case", "Support case closed", "transactional", "contact", COMPANY, 24, False,
          {f"{tag}.subject": text for tag, text in _SUBJECTS["support-case"].items()} | _OWN),
    Draft("delivery", "Delivery received", "transactional", "buy", COMPANY, 24, False,
          {f"{tag}.subject": text for tag, text in _SUBJECTS["delivery"].items()}),
)  # fmt: skip


_CASES = {"hubspot": "HubSpot ticket", "salesforce": "Salesforce case"}


def seed(shared: Services, installations: list[str]) -> dict[str, str]:
    """Adds the touchpoints; an API key by installation, as the host's server holds them."""
    for draft in TOUCHPOINTS:
        actions.add(shared, CLI, draft)
    for installation in installations:
        _ask_after_a_closed_case(shared, installation)
        keep(shared, installation)
    return {
        installation: keys.add(shared, CLI, "Host page of the demo", installation)[1]
        for installation in installations
    }


def _ask_after_a_closed_case(shared: Services, installation: str) -> None:
    crm = installation.partition(":")[0]
    key, name = f"case-closed-{crm}", f"{_CASES[crm]} closed"
    draft = Trigger(key, name, installation, "case_closed", "support-case")
    triggers.add(shared, CLI, draft)
    triggers.try_out(shared, key)
    triggers.switch_on(shared, CLI, key, "So that the demo shows it")
