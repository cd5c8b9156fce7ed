"""One small tree. An error carries one decisive fact: will the same call ever work again without a person acting?

The worker and ``plugin/errors.py`` are the only catchers. No error holds a token, a comment or a client's own text:
``code`` is ours, ``detail`` is plain words that an administrator may read.
"""


class CrmError(Exception):
    """Anything a CRM, or the way to it, can say instead of an answer."""

    permanent = False

    def __init__(self, code: str, detail: str = "", *, correlation: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.correlation = correlation


class Unreachable(CrmError):
    """Timeout, reset, 5xx, maintenance page. ``unknown`` when the CRM may have done what was asked."""

    def __init__(
        self, code: str, detail: str = "", *, unknown: bool, retry_after: float | None = None
    ) -> None:
        super().__init__(code, detail)
        self.unknown = unknown
        self.retry_after = retry_after


class RateLimited(CrmError):
    """Too many calls. ``retry_after`` in seconds where the CRM named a time; ``daily`` when a day's budget is spent."""

    def __init__(
        self, code: str, detail: str = "", *, retry_after: float | None = None, daily: bool = False
    ) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after
        self.daily = daily


class NeedsReconnect(CrmError):
    """The grant is gone (revoked, uninstalled, expired): an administrator must connect again."""

    permanent = True


class MissingRight(CrmError):
    """A scope, permission or edition is missing; ``detail`` names it."""

    permanent = True


class Refused(CrmError):
    """The call as a whole was refused as wrong: the same call never works. A batch is then halved to find the row."""

    permanent = True


class Clash(CrmError):
    """Something of the same name and another type stands in the CRM already: install stops, nothing was written."""

    permanent = True


class OAuthFailed(CrmError):
    """Connecting did not work; ``code`` is ``denied``, ``config``, ``expired`` or ``not_installed``."""

    permanent = True
