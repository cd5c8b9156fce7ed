"""The one way out for everything that went wrong in the web: RFC 9457 for programs, a page for people."""

from collections.abc import Mapping

# Why each status: surface.md names code and status together; a code is what programs rely on, a status what proxies do.
STATUS: Mapping[str, int] = {
    "body_malformed": 400,
    "oauth_state": 400,
    "unauthenticated": 401,
    "signature_invalid": 401,
    "timestamp_skew": 401,
    "csrf": 403,
    "forbidden": 403,
    "link_invalid": 403,
    "origin_refused": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "already_answered": 409,
    "contact_ambiguous": 409,
    "needs_reconnect": 409,
    "link_expired": 410,
    "body_too_large": 413,
    "media_type": 415,
    "field_invalid": 422,
    "kinds_mixed": 422,
    "too_few_answers": 422,
    "rate_limited": 429,
    "internal": 500,
    "crm_unavailable": 502,
    "storage_unavailable": 503,
}

TITLES: Mapping[str, str] = {
    "body_malformed": "The request could not be read",
    "oauth_state": "This sign-in to the CRM is not the one you started",
    "unauthenticated": "Please sign in",
    "signature_invalid": "The signature is wrong",
    "timestamp_skew": "The signature is too old or too new",
    "csrf": "This form is out of date",
    "forbidden": "You may not do this",
    "link_invalid": "This link is not valid",
    "origin_refused": "Answers are not accepted from this page",
    "not_found": "Not found",
    "method_not_allowed": "This address does not do that",
    "already_answered": "Already answered",
    "contact_ambiguous": "Several contacts match",
    "needs_reconnect": "The CRM must be connected again",
    "link_expired": "This link has expired",
    "body_too_large": "The request is too large",
    "media_type": "This kind of content is not understood",
    "field_invalid": "Something in the form is not right",
    "kinds_mixed": "Different kinds are never mixed in one figure",
    "too_few_answers": "Too few answers",
    "rate_limited": "Too many requests",
    "internal": "Something went wrong here",
    "crm_unavailable": "The CRM does not answer",
    "storage_unavailable": "Answers cannot be stored right now",
}

# What to say where nobody knows more than the title.
DETAILS: Mapping[str, str] = {
    "not_found": "There is nothing at this address.",
    "body_too_large": "Shorten what you send, or send it in parts.",
}


class Problem(Exception):
    """A refusal with its code. *fields* names what is wrong field by field; *retry_after* is in seconds."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        fields: Mapping[str, str] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail or DETAILS.get(code, TITLES[code] + ".")
        self.fields = dict(fields or {})
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        return STATUS[self.code]

    @property
    def title(self) -> str:
        return TITLES[self.code]

    def document(self, request_id: str) -> dict[str, object]:
        """The body of ``application/problem+json`` (RFC 9457)."""
        shown: dict[str, object] = {
            "type": f"urn:gensvar:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        }
        return shown | ({"fields": self.fields} if self.fields else {})
