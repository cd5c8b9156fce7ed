"""Delivery reports (RFC 3464): who they came to, and whether they say that a mail will never arrive. Pure.

A report is written by strangers. Nothing in it is believed but what a signed address of ours says; and what cannot be
read says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from plugin.mail.returnpath import Marked, marked

# Where servers write whom the mail came to; the first is the sender's own word, the others the mailbox's.
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_MOST = 20  # headers and parts that are looked at
_LONGEST = 1000
_FINAL = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Report:
    """``marks``: what the addresses carry that it came to. ``final``: at least one mail failed for good."""

    marks: Sequence[Marked] = ()
    final: bool = False


def read(content: bytes) -> Report:
    """Never raises: what is broken, cut short or nested without end is a report that says nothing."""
    try:
        message = message_from_bytes(content)
        return Report(tuple(dict.fromkeys(_marks(message))), any(_failures(message)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError):
        return Report()


def _marks(message: "Message[str, str]") -> Iterator[Marked]:
    for name in _TO:
        for value in (message.get_all(name) or [])[:_MOST]:
            found = marked(str(value)[:_LONGEST])
            if found is not None:
                yield found


def _failures(message: "Message[str, str]") -> Iterator[bool]:
    """Whether each recipient's mail failed for good: one block of fields each, after the block about the report."""
    for part in _parts(message):
        if part.get_content_type() == "message/delivery-status":
            yield from (_failed(block) for block in _parts(part))


def _parts(message: "Message[str, str]") -> "list[Message[str, str]]":
    inside = message.get_payload()
    found = inside[:_MOST] if isinstance(inside, list) else []
    return [part for part in found if isinstance(part, Message)]


def _failed(block: "Message[str, str]") -> bool:
    action = str(block.get("Action", "")).strip().lower()
    return action == "failed" and bool(_FINAL.match(str(block.get("Status", ""))))
