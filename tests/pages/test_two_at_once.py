"""Two who change the same thing at once: whoever saves last is told, and undoes nothing unawares."""

from html import unescape

import pytest

from plugin.access.rules import CLI
from plugin.asking.forms import values_of
from plugin.asking.limits import Limits
from plugin.segments import actions as segments
from tests.segments.conftest import fields_of
from tests.support.admin import Admin, csrf_of, hidden_in
from tests.support.admin_data import touchpoint

TOUCHPOINT = {
    "name": "Case",
    "kind": "transactional",
    "stage": "contact",
    "promise": "24",
    "channel-link": "yes",
}
CASES = {
    "/admin/touchpoints/support-case/edit": (TOUCHPOINT, "en.subject", "your case"),
    "/admin/frequency": (values_of(Limits()) | {"why": "So"}, "company_days", "31"),
    "/admin/themes/price/edit": ({}, "words_sv", "svindyrt"),
    "/admin/segments/swedes/edit": ({"do": "save"}, "name", "All Swedes"),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", CASES)
def test_whoever_saves_last_is_told_that_another_was_faster(anna: Admin, address: str) -> None:
    touchpoint(anna.services)
    segments.add(anna.services, CLI, "Swedes", {"language": "sv"})
    rest, name, said = CASES[address]
    page = anna.get(address).text
    form = (fields_of(page) if 'id="segment"' in page else {}) | rest
    form |= {"csrf_token": csrf_of(page), "seen": hidden_in(page, "seen")}
    assert anna.send(address, form | {name: said}).status_code == 303

    late = anna.send(address, form | {name: f"{said}2"[-9:]})
    assert late.status_code == 422
    assert 'href="#field-changed"' in late.text
    assert 'id="field-changed"' in late.text
    assert said in unescape(anna.get(address).text), "what was saved first stands"

    again = form | {name: f"{said}2"[-9:], "seen": hidden_in(late.text, "seen")}
    assert anna.send(address, again).status_code == 303, "she has seen it, and means it"
