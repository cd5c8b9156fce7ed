"""Statements worded once: what goes in comes out, on both databases, and errors are SQLAlchemy's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from plugin.asking.store import ask, refused_ask
from plugin.db import Database, at_one_go, new_id
from plugin.people.store import company, person
from plugin.ready import Ready
from plugin.rowset import among, texts
from plugin.touchpoints.store import touchpoint

NOW = datetime(2026, 11, 26, 9, 30, 15, 123000, tzinfo=UTC)
HER = {"id": "p1", "installation": "hubspot:1", "contact": "101", "seen_at": NOW}
ADD = Ready(person.insert(), [*HER, "opted_out", "gone_at"])
BY_ID = sa.select(person).where(person.c.id == sa.bindparam("who"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def test_a_row_is_what_sqlalchemy_reads(database: Database) -> None:
    with database.write() as connection:
        ADD.run(connection, HER | {"opted_out": True, "gone_at": NOW + timedelta(days=1)})
        ADD.run(
            connection, HER | {"id": "p2", "contact": "102", "opted_out": None, "gone_at": None}
        )
    with database.read() as connection:
        for who in ("p1", "p2"):
            row = Ready(BY_ID).one_or_none(connection, {"who": who})
            known = connection.execute(BY_ID, {"who": who}).one()
            assert dict(zip(row._fields, row, strict=True)) == known._asdict()
            assert row.follow_up_open is False
        assert Ready(BY_ID).one_or_none(connection, {"who": "p3"}) is None


def test_what_a_statement_binds_itself_and_json_go_both_ways(database: Database) -> None:
    row = {"installation": "hubspot:1", "company": "7", "asked": [1, 2]}
    named = sa.and_(
        company.c.installation == "hubspot:1", company.c.company == sa.bindparam("which")
    )
    change = Ready(company.update().where(named).values(asked=sa.bindparam("moments")))
    with database.write() as connection:
        Ready(company.insert(), row).run(connection, row)
        with at_one_go(connection):
            change.run(connection, {"which": "7", "moments": [3]})
            change.run(connection, {"which": "8", "moments": [4]})
        found = Ready(sa.select(company.c.asked).where(named)).one_or_none(
            connection, {"which": "7"}
        )
    assert found.asked == [3]


SEVERAL = sa.select(person.c.id).where(among(person.c.id, texts("ids"))).order_by(person.c.id)


def test_a_list_finds_whom_it_names_whether_nobody_one_or_several(database: Database) -> None:
    ready = Ready(SEVERAL)
    with database.write() as connection:
        for who in ("p1", "p2", "p3"):
            new = {"id": who, "contact": f"of {who}", "opted_out": None, "gone_at": None}
            ADD.run(connection, HER | new)
        for ids in ([], ["p2"], ["p9"], ["p3", "p1"], ['p"1', "[]"], ["p'1"]):
            wanted = sorted({"p1", "p2", "p3"} & set(ids))
            assert [row.id for row in ready.all(connection, {"ids": ids})] == wanted
            assert list(connection.scalars(SEVERAL, {"ids": ids})) == wanted


def test_two_lists_of_which_one_is_empty_are_two_all_the_same(database: Database) -> None:
    named, other = among(person.c.id, texts("ids")), among(person.c.id, texts("other"))
    change = Ready(person.update().where(named).values(locale=sa.case((other, "sv"), else_="da")))
    with database.write() as connection:
        ADD.run(connection, HER | {"opted_out": None, "gone_at": None})
        for others, locale in (([], "da"), (["p1"], "sv"), (["p1", "p2"], "sv"), (["p2"], "da")):
            change.run(connection, {"ids": ["p1"], "other": others})
            assert connection.scalar(sa.select(person.c.locale)) == locale


def test_columns_of_one_name_have_places(database: Database) -> None:
    both = sa.select(person.c.id, ask.c.id).select_from(
        person.outerjoin(ask, ask.c.person == person.c.id)
    )
    with database.write() as connection:
        ADD.run(connection, HER | {"opted_out": False, "gone_at": None})
        assert Ready(both).one_or_none(connection, {}) == ("p1", None)


def test_a_key_that_is_there_already_is_sqlalchemys_error(database: Database) -> None:
    given = HER | {"opted_out": None, "gone_at": None}
    with database.write() as connection:
        ADD.run(connection, given)
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        ADD.run(connection, given | {"id": new_id()})
    with (
        pytest.raises(sa.exc.IntegrityError),
        database.write() as connection,
        at_one_go(connection),
    ):
        ADD.run(connection, given | {"id": new_id()})


def test_a_missing_parameter_is_not_null(database: Database) -> None:
    row = {"person": "p1", "touchpoint": "support", "installation": "hubspot:1", "channel": "link"}
    keep = Ready(refused_ask.insert(), [*row, "reason", "refused_at"])
    with database.write() as connection:
        ADD.run(connection, HER | {"opted_out": None, "gone_at": None})
        connection.execute(
            touchpoint.insert().values(
                key="support", name="Support", kind="transactional", stage="use", created_at=NOW
            )
        )
        with pytest.raises(KeyError):
            keep.run(connection, row | {"reason": "gone"})
        assert connection.scalar(sa.select(sa.func.count()).select_from(refused_ask)) == 0
