"""What a rep reads in a task."""

from datetime import UTC, datetime

import pytest

from plugin.crm.texts import Revised, TaskFacts, revision_line, task_body, task_subject

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def facts(**more) -> TaskFacts:
    values = {
        "name": "Åsa Öberg",
        "score": 3,
        "category": "detractor",
        "touchpoint": "your support case",
        "comment": "Nobody called back.\n<b>Twice!</b> {score}",
        "answered_at": NOON,
        "due_at": NOON.replace(day=22),
        "may_contact": None,
        "link": "https://crm.example/1",
    }
    return TaskFacts(**values | more)


def test_a_task_tells_all_a_rep_must_know():
    body = task_body(facts(), unassigned=False)
    for part in (
        "3 of 10 (Detractor)",
        "your support case",
        "2026-11-22 12:00 UTC",
        "Nobody called back.\n<b>Twice!</b> {score}",
        "https://crm.example/1",
    ):
        assert part in body
    assert task_subject(facts(name="Åsa\n Öberg")) == "NPS 3: follow up with Åsa Öberg"


def test_that_the_customer_wants_no_contact_stands_first_of_all():
    body = task_body(facts(may_contact=False), unassigned=True)
    assert body.startswith("The customer does NOT want to be contacted.\n\nNobody active owns")
    assert "NOT want" not in task_body(facts(may_contact=True), unassigned=False)


def test_no_comment_is_said_so():
    assert "(no comment yet)" in task_body(facts(comment=""), unassigned=False)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ((3, "", None), (9, "", None), "{at}: the customer changed the score from 3 to 9."),
        ((3, "", None), (3, "Too\nslow", None), "{at}: the customer wrote: Too slow"),
        ((3, "a", None), (3, "", None), "{at}: the customer wrote: (no comment yet)"),
        ((3, "", None), (3, "", False), "{at}: The customer does NOT want to be contacted."),
        ((3, "", None), (3, "", None), ""),
        (
            (3, "", None),
            (3, "Stop", False),
            "{at}: The customer does NOT want to be contacted. {at}: the customer wrote: Stop",
        ),
        (
            (3, "", False),
            (3, "Too slow", False),
            "{at}: The customer does NOT want to be contacted. {at}: the customer wrote: Too slow",
        ),
        (
            (3, "", False),
            (3, "Do call", True),
            "{at}: The customer may be contacted. {at}: the customer wrote: Do call",
        ),
    ],
)
def test_a_line_tells_what_changed(before, after, line):
    told = revision_line(Revised(*before, NOON), Revised(*after, NOON))
    assert told == line.format(at="2026-11-21 12:00:00 UTC")


def test_the_longest_comment_neither_loses_its_end_nor_hides_that_no_contact_is_wanted():
    line = revision_line(Revised(3, "", None, NOON), Revised(3, "z" * 4000, False, NOON))
    assert line.index("NOT want to be contacted") < line.index("z" * 4000)


def test_two_changes_within_a_minute_read_differently():
    """A line that stands on the task already is not added again."""
    down, up = Revised(3, "", None, NOON), Revised(8, "", None, NOON.replace(second=20))
    again = Revised(8, "", None, NOON.replace(second=40))
    assert revision_line(down, up) != revision_line(down, again)
