"""What HubSpot says instead of an answer: one body (on the real thing all fields are optional)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any


class HubProblem(Exception):
    """A refusal, of a call or of one row of a batch."""

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        code: str = "",
        context: Mapping[str, Sequence[str]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.category, self.message = status, category, message
        self.code, self.context, self.more = code, dict(context or {}), more

    def body(self) -> dict[str, Any]:
        return {
            "status": "error",
            "message": self.message,
            "correlationId": str(uuid.uuid4()),
            "category": self.category,
            **({"errors": [self._detail()]} if self.code or self.context else {}),
            **self.more,
        }

    def row(self, context: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """The same as one error of a 207."""
        return {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": dict(context),
            "errors": [self._detail()] if self.code else [],
            "links": {},
        }

    def _detail(self) -> dict[str, Any]:
        detail: dict[str, Any] = {"message": self.message, "context": self.context}
        return {**detail, "code": self.code} if self.code else detail


def invalid(message: str, code: str = "", **context: Sequence[str]) -> HubProblem:
    return HubProblem(400, "VALIDATION_ERROR", message, code=code, context=context)


def invalid_value(name: str, code: str, why: str) -> HubProblem:
    return invalid(f"{name} was not valid: {why}", code, propertyName=[name])


def not_found(message: str = "resource not found") -> HubProblem:
    return HubProblem(404, "OBJECT_NOT_FOUND", message)


def unauthenticated() -> HubProblem:
    return HubProblem(401, "INVALID_AUTHENTICATION", "Authentication credentials not found")


def missing_scopes(*scopes: str) -> HubProblem:
    return HubProblem(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call",
        context={"requiredGranularScopes": scopes},
    )


def too_many(policy: str) -> HubProblem:
    return HubProblem(
        429,
        "RATE_LIMITS",
        f"You have reached your {policy.lower()} limit.",
        errorType="RATE_LIMIT",
        policyName=policy,
    )
