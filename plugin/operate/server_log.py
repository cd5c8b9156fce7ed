"""The server's own messages as JSON lines like all others."""

from typing import Any

import structlog
from gunicorn.glogging import Logger


class ServerLog(Logger):  # type: ignore[misc]
    """Requests are logged by ``plugin.web`` with their route; here only what the server itself has to say."""

    def setup(self, cfg: Any) -> None:
        self._log = structlog.get_logger()

    def critical(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self._log.error("server", message=_said(msg, args))

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self._log.error("server", message=_said(msg, args))

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self._log.warning("server", message=_said(msg, args))

    def info(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self._log.debug("server", message=_said(msg, args))

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Says too much, request addresses among it."""

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self._log.error("server", message=msg)  # arguments may hold an address with a token

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """``plugin.web`` logs requests."""

    def reopen_files(self) -> None:
        """There are none."""

    def close_on_exec(self) -> None:
        """There is nothing to close."""


def _said(msg: str, args: tuple[Any, ...]) -> str:
    try:
        return msg % args if args else msg
    except (TypeError, ValueError):
        return msg
