"""SOQL over HTTP: what a query answers, a page at a time."""

from typing import Any

from flask import g

from connectors.sandbox.salesforce import soql
from connectors.sandbox.salesforce.door import org, service, user
from connectors.sandbox.salesforce.problems import bad
from connectors.sandbox.salesforce.query import Answering

Page = dict[str, Any]


def answered(text: str, *, deleted: bool) -> Page:
    """The first page; *deleted*: of what is in the bin, too. Raises ``Refusal``."""
    rows = Answering(org(), user(), soql.parse(text), g.version).records(deleted=deleted)
    return page(rows, len(rows))


def more(cursor: str) -> Page:
    """The page behind *cursor*, once. Raises ``Refusal``."""
    held = service().cursors.pop(cursor, None)
    if held is None:
        raise bad("INVALID_QUERY_LOCATOR", "invalid query locator")
    return page(*held)


def page(rows: list[dict[str, Any]], total: int) -> Page:
    size = org().options.page_size
    found: Page = {"totalSize": total, "done": len(rows) <= size, "records": rows[:size]}
    if len(rows) > size:
        cursor = f"{org().new_id('01g')}-{size}"
        service().cursors[cursor] = (rows[size:], total)
        found["nextRecordsUrl"] = f"/services/data/v{g.version}/query/{cursor}"
    return found
