"""Did it help? Through the page an administrator opens, over answers whose effect is known."""

import pytest

from plugin.answers.store import answer
from plugin.messages.store import recipient
from plugin.people.store import person
from plugin.segments.store import segment
from plugin.themes.store import answer_theme
from tests.changes.conftest import LIST, moved, on_one, registered, shown
from tests.changes.planting import Shape, plant
from tests.support.admin import Admin
from tests.support.admin_data import connect, touchpoint

BAD: Shape = (80, 60, 60)  # 10 points
GOOD: Shape = (140, 40, 20)  # 60 points
SINCE = "2026-10-21"  # 30 days ago: a window of 30 days is full tomorrow
NONE, CLAIM = "No effect can be claimed", "points better than in the comparison group"


@pytest.fixture
def places(anna: Admin) -> Admin:
    connect(anna.services)
    for key in ("support-case", "onboarding"):
        touchpoint(anna.services, key, name=key.title(), texts={})
    return anna


def changed(here: Admin, since: str = SINCE, **fields: object) -> str:
    given = {"effective_on": since, "touchpoint": ["support-case"]} | fields
    change_id = registered(here, **given)
    moved(here, change_id, "done")
    return f"{LIST}/{change_id}/effect"


def test_an_effect_that_is_there_is_said_with_all_that_belongs_to_it(places: Admin) -> None:
    address = changed(places)
    plant(places, "support-case", BAD, days_ago=40)
    plant(places, "support-case", GOOD, days_ago=20)
    plant(places, "support-case", (0, 0, 50), days_ago=100)
    alone = shown(places, f"{address}?days=30")
    assert "NPS is 50.0 points higher than before (98 % interval: 3" in alone
    assert "There is nothing to compare with" in alone
    plant(places, "onboarding", BAD, days_ago=40)
    plant(places, "onboarding", BAD, days_ago=20)
    page = shown(places, f"{address}?days=30")
    assert f"NPS went 50.0 {CLAIM} (98 % interval: 2" in page
    assert "Before and after alone differ by 50 points (3" in page
    before = page.split('<th scope="row">before</th>')[1].split("</tr>")[0]
    for part in ("<b>10", "<td>200", "100 %", "200 of 200", "to 2"):
        assert part in before
    assert "Elsewhere: <bdi>Onboarding</bdi>" in page
    assert "21 Sep 2026</time> to" in page
    assert "250" in shown(places, f"{address}?days=90")


@on_one
def test_what_happened_to_everybody_is_no_effect(places: Admin) -> None:
    address = changed(places)
    for key in ("support-case", "onboarding"):
        plant(places, key, BAD, days_ago=40)
        plant(places, key, GOOD, days_ago=20)
    page = shown(places, f"{address}?days=30")
    assert f"{NONE}: the difference of 0.0 points may be chance" in page
    assert CLAIM not in page


@on_one
def test_no_effect_few_answers_and_none_at_all(places: Admin) -> None:
    address = changed(places)
    assert "nobody answered" in shown(places, address)
    plant(places, "support-case", (3, 1, 0), days_ago=40)
    plant(places, "support-case", BAD, days_ago=20)
    assert f"{NONE}: there are too few answers, 4 before and 200 after." in shown(places, address)
    plant(places, "support-case", BAD, days_ago=41)
    page = shown(places, address)
    assert f"{NONE}: the difference of " in page
    assert "higher than before" not in page


@on_one
def test_kinds_and_touchpoints_stand_by_themselves_and_those_of_a_kind_together(
    places: Admin,
) -> None:
    touchpoint(places.services, "yearly", name="Yearly", kind="relational", stage="use", texts={})
    address = changed(places, touchpoint=["support-case", "onboarding", "yearly"])
    for days_ago in (40, 20):
        plant(places, "support-case", BAD if days_ago == 40 else GOOD, days_ago=days_ago)
        plant(places, "onboarding", BAD, days_ago=days_ago)
        plant(places, "yearly", GOOD, days_ago=days_ago, kind="relational")
    page = shown(places, f"{address}?days=30")
    titles = [part.split("</h2>")[0] for part in page.split('<h2 id="finding-')[1:]]
    assert [title.split(">", 1)[1] for title in titles] == [
        "<bdi>Yearly</bdi>",
        "<bdi>Onboarding</bdi>",
        "<bdi>Support-Case</bdi>",
        "All 2 touchpoints together",
    ]
    assert "NPS is 25.0 points higher than before" in page


@on_one
def test_other_respondents_and_another_change_are_warned_of(places: Admin) -> None:
    address = changed(places)
    changed(places, "2026-11-01", title="A new phone system")
    plant(places, "support-case", BAD, days_ago=40, locale="sv")
    plant(places, "support-case", BAD, days_ago=20, locale="fi")
    page = shown(places, f"{address}?days=30")
    assert "Other people answered than before: by language, fi went from 0 % to 100 %" in page
    assert "something else changed here: <a href=" in page
    assert "A new phone system" in page


@on_one
def test_a_touchpoint_that_changed_itself_is_no_comparison(places: Admin) -> None:
    address = changed(places)
    for key in ("support-case", "onboarding"):
        plant(places, key, BAD, days_ago=40)
        plant(places, key, GOOD, days_ago=20)
    assert "Elsewhere:" in shown(places, f"{address}?days=30")
    changed(places, "2026-11-01", title="Onboarding calls", touchpoint=["onboarding"])
    page = shown(places, f"{address}?days=30")
    assert "Elsewhere:" not in page
    assert "NPS is 50.0 points higher than before" in page


@on_one
def test_a_time_that_is_not_full_or_has_not_come_says_so(places: Admin) -> None:
    plant(places, "support-case", BAD, days_ago=40)
    address = changed(places)
    assert "The time after is not full yet: 31 of 90 days have begun." in shown(places, address)
    assert "not full yet" not in shown(places, f"{address}?days=30")
    assert "31 of 90" in shown(places, f"{address}?days=7")
    future = changed(places, "2026-12-01")
    assert "Not in effect yet" in shown(places, future)
    planned = f"{LIST}/{registered(places, effective_on=SINCE)}/effect"
    assert "Not in effect yet" in shown(places, planned)


def test_among_a_segment_and_never_where_the_answers_choose_it(places: Admin) -> None:
    address = changed(places)
    swedes = plant(places, "support-case", BAD, days_ago=40, locale="sv")
    swedes += plant(places, "support-case", GOOD, days_ago=20, locale="sv")
    plant(places, "support-case", BAD, days_ago=20)
    own = {
        "swedes": {"language": "sv"},
        "happy": {"any": [{"category": "promoter", "kind": "transactional"}, {"language": "sv"}]},
    }
    with places.services.database.write() as connection:
        connection.execute(person.update().where(person.c.id.in_(swedes)).values(locale="sv"))
        for key, rule in own.items():
            row = {"key": key, "name": key, "rule": rule, "created_at": places.clock.now()}
            connection.execute(segment.insert().values(created_by="x", **row))
    assert "NPS is 25.0 points higher" in shown(places, f"{address}?days=30")
    assert "NPS is 50.0 points higher" in shown(places, f"{address}?days=30&segment=swedes")
    chosen = shown(places, f"{address}?days=30&segment=happy")
    assert "who is in this segment is decided by what people said" in chosen
    for key in ("nothing", "%00"):
        refused = places.get(f"{address}?segment={key}")
        assert refused.status_code == 422
        assert 'id="error-segment"' in refused.text


def complained(here: Admin) -> list[str]:
    """Twenty people who wrote about slow replies before."""
    people = plant(here, "support-case", (0, 0, 20), days_ago=40)
    with here.services.database.write() as connection:
        theirs = connection.execute(answer.select().where(answer.c.person.in_(people))).all()
        row = {"theme": "slow_reply", "by": "rule", "at": here.clock.now()}
        connection.execute(answer_theme.insert(), [row | {"answer": one.id} for one in theirs])
    return people


@pytest.mark.parametrize(
    ("after", "said"), [((2, 2, 16), f"NPS went 160.0 {CLAIM}"), ((16, 4, 0), NONE)]
)
def test_those_who_were_told_against_those_who_asked_and_were_not(
    places: Admin, after: Shape, said: str
) -> None:
    heard, others = complained(places), complained(places)
    touchpoint(places.services, "yearly", name="Yearly", kind="relational", stage="use", texts={})
    plant(places, "yearly", (20, 0, 0), days_ago=40, of=heard, kind="relational")
    plant(places, "yearly", (0, 0, 20), days_ago=20, of=heard, kind="relational")
    address = changed(places, touchpoint=[])
    change_id = address.split("/")[-2]
    assert "and were told" not in shown(places, address)
    now = places.clock.now()
    told = [
        {"change": change_id, "person": who, "id": who, "state": "told", "due_at": now}
        for who in heard
    ]
    with places.services.database.write() as connection:
        connection.execute(recipient.insert(), told)
    plant(places, "support-case", (18, 2, 0), days_ago=20, of=heard)
    mine = "Those who asked for it and were told</h2>"
    assert "There is nothing to compare with" in shown(places, address).split(mine)[2]
    plant(places, "support-case", after, days_ago=20, of=others)
    section = shown(places, address).split(mine)[2]
    assert said in section
    assert "Not told, before" in section
