"""Refusals in Salesforce's own words: a code, a message and sometimes the fields it is about."""

from typing import Any


class Refusal(Exception):
    """A call as a whole is refused with *status*; the body is a list with one error."""

    def __init__(
        self, status: int, code: str, message: str, fields: list[str] | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.fields = status, code, message, fields

    @property
    def body(self) -> list[dict[str, Any]]:
        error: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        return [error if self.fields is None else error | {"fields": self.fields}]

    @property
    def row(self) -> dict[str, Any]:
        """The same refusal as the result of one record of a collection."""
        error = {"statusCode": self.code, "message": self.message, "fields": self.fields or []}
        return {"success": False, "errors": [error]}


class SeveralRecords(Exception):
    """An external id that stands on more than one record: HTTP 300 with their addresses."""

    def __init__(self, urls: list[str]) -> None:
        super().__init__("300")
        self.urls = urls


def bad(code: str, message: str, *fields: str) -> Refusal:
    """A refusal with 400."""
    return Refusal(400, code, message, list(fields))
