"""One JSON line per event, on standard error. No personal data; what could sign somebody in is masked."""

import io
import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from functools import cache
from typing import Any, TextIO, cast

import structlog

_MASKED = ("token", "code", "state", "secret", "password", "authorization", "verifier")


def mask(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hides the value of every key that names a credential."""
    for key in event:
        if _names_a_credential(key) and event[key]:
            event[key] = "***"
    return event


@cache
def _names_a_credential(key: str) -> bool:
    return key != "event" and any(word in key.lower() for word in _MASKED)


def configure(level: str) -> None:
    """Sets up our own log and lets libraries speak from warnings on, without their texts' arguments."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Stderr())),
        cache_logger_on_first_use=True,
    )
    # Libraries put addresses, SQL parameters and tokens into their messages: only their name and level are kept.
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[_Terse()], force=True)


class _Stderr(io.TextIOBase):
    """Standard error as it is when a line is written: loggers are kept, the stream may be replaced. A line that nobody
    takes any more, or that has no room on its disk, must not cost the work it tells of."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


class _Terse(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().warning(
            "library", name=record.name, severity=record.levelname.lower(), line=record.lineno
        )
