"""What the CRM tells of a person goes where she goes, is in her export, and is erased with her."""

import sqlalchemy as sa

from plugin.crm.erasing import erase_person
from plugin.crm.merging import merge
from plugin.segments import belongings
from plugin.segments.store import attribute_value, list_member
from tests.support.surveys import HUB, World


def tell(world: World, who: str, plan: str, *lists: str, **numbers: float) -> None:
    rows = [{"field": "plan", "text": plan, "number": None}]
    rows += [{"field": name, "text": None, "number": value} for name, value in numbers.items()]
    with world.shared.database.write() as connection:
        connection.execute(attribute_value.insert(), [{"person": who, **row} for row in rows])
        connection.execute(list_member.insert(), [{"person": who, "list": one} for one in lists])


def test_what_the_survivor_has_stays_and_the_rest_becomes_hers(survey_world: World):
    world, now = survey_world, survey_world.clock.now()
    one, two = world.person("1"), world.person("2")
    tell(world, one, "iron", "12", "13", mrr=5.0)
    tell(world, two, "gold", "12")
    with world.shared.database.write() as connection:
        merge(connection, one, "2", now, now)
        held = belongings.held(connection, [two])
    fields = [(row["field"], row["text"], row["number"]) for row in held["crm_fields"]]
    assert fields == [("mrr", None, 5.0), ("plan", "gold", None)]
    assert [row["list"] for row in held["crm_lists"]] == ["12", "13"]
    with world.shared.database.write() as connection:
        assert belongings.held(connection, [one]) == {"crm_fields": [], "crm_lists": []}
        assert erase_person(connection, HUB, "1", now).things >= 4
    for table in (attribute_value, list_member):
        assert world.one(sa.select(sa.func.count()).select_from(table)) == 0
