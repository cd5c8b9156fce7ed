"""Rows as the ledger sends them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.types import AnswerRecord, ContactUpdate, Task

AT = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def answer(contact_id: str, key: str = "k1", **changes: Any) -> AnswerRecord:
    made = AnswerRecord(
        key=key,
        contact_id=contact_id,
        score=3,
        category="detractor",
        comment="Too slow",
        touchpoint="support",
        kind="transactional",
        answered_at=AT,
        revision=1,
        may_contact=None,
    )
    return replace(made, **changes)


def task(contact_id: str, key: str = "k1", **changes: Any) -> Task:
    made = Task(
        key=key,
        contact_id=contact_id,
        subject="NPS 3: follow up with Ebba",
        body="Score: 3 of 10\n\nToo slow",
        due_at=AT + timedelta(days=1),
    )
    return replace(made, **changes)


def update(contact_id: str, **values: Any) -> ContactUpdate:
    return ContactUpdate(contact_id, values or {"score": 3, "category": "detractor"})
