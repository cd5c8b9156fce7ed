"""A mail server that writes down whose mail came, and its id: ``python -m bench.support.mail_sink PORT FILE``."""

import sys
import threading
from email import message_from_bytes
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.controller import Controller


class Sink:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message_id = message_from_bytes(envelope.content)["Message-ID"]
        self._file.write(f"{envelope.rcpt_tos[0]}\t{message_id}\n")
        self._file.flush()
        return "250 2.0.0 Taken"


def main(port: str, path: str) -> None:
    """Until it is killed."""
    with Path(path).open("a", encoding="utf-8") as file:
        Controller(Sink(file), "127.0.0.1", int(port)).start()
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
