"""A real IMAP server on this machine, one per test process, with one mailbox in which mails are put."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.ports import free

USER, PASSWORD = "bounces@acme.example", "into-the-mailbox"
# Each sign-in would take a fifth of a second of hashing: slow on purpose, and not what is tested here.
RUN = """
import sys
from pymap.main import main
from pysasl.hashing import BuiltinHash
BuiltinHash.__init__.__kwdefaults__["rounds"] = 1
sys.exit(main())
"""


@dataclass
class ImapServer:
    port: int

    @property
    def url(self) -> str:
        """As ``GENSVAR_BOUNCE_URL`` wants it."""
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.port}"

    def signed_in(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=30)
        client.login(f'"{USER}"', PASSWORD)
        client.select("INBOX")
        return client

    def put(self, *mails: bytes) -> None:
        client = self.signed_in()
        for mail in mails:
            said, _ = client.append("INBOX", "", "", mail)
            assert said == "OK"
        client.logout()

    def flags(self) -> list[bytes]:
        """What is marked on each mail, oldest first."""
        client = self.signed_in()
        found = client.fetch("1:*", "(FLAGS)")[1]
        client.logout()
        return [flags for flags in found if isinstance(flags, bytes)]

    def empty(self) -> None:
        client = self.signed_in()
        client.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
        client.expunge()
        client.logout()


@pytest.fixture(scope="session")
def imap_program() -> Iterator[ImapServer]:
    port = free(1)
    command = [
        sys.executable, "-c", RUN, "--host", "127.0.0.1", "--port", f"{port}", "--no-tls",
        "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD,
    ]  # fmt: skip
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = ImapServer(port)
    over = time.monotonic() + 30
    while time.monotonic() < over:
        try:
            server.signed_in().logout()
            break
        except (OSError, imaplib.IMAP4.error):
            assert program.poll() is None, "the IMAP server ended"
            time.sleep(0.05)
    yield server
    program.kill()
    program.wait()


@pytest.fixture
def imap_server(imap_program: ImapServer) -> ImapServer:
    """With nothing in it."""
    imap_program.empty()
    return imap_program
