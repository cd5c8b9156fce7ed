"""A mail on the wire: whatever a CRM holds as an address, it is one or it is none."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

from hypothesis import example, given
from hypothesis import strategies as st

from plugin.config import Settings
from plugin.mail.letters import Mail, deliverable, message_id, written

SETTINGS = Settings(mail_from="Acme <nps@acme.example>", mail_reply_to="care@acme.example")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ODD = st.text(alphabet="ab.@+-_'\"<>,;: \r\n\tå\x00", min_size=1, max_size=12)


@given(address=ODD, subject=st.text(max_size=40))
@example(address=".a@b.example", subject="x")
@example(address="a@bücher.example", subject="Hej\r\nBcc: x@y.example")
def test_what_passes_as_an_address_is_written_and_nothing_is_added(
    address: str, subject: str
) -> None:
    to = deliverable(address)
    if to:
        subject = subject.encode("utf-8", "replace").decode()
        message = message_from_bytes(
            written(SETTINGS, Mail(to, subject, "Text\n", "<a@b>"), NOW), policy=policy.default
        )
        assert message["To"] == to
        assert "Bcc" not in message
        assert message.get_content().splitlines() == ["Text"]


def test_domains_travel_in_ascii() -> None:
    assert deliverable(" anna@bücher.example ") == "anna@xn--bcher-kva.example"


def test_long_links_in_headers_stay_in_one_line() -> None:
    link = f"<https://nps.example.com/u/{'t' * 500}>"
    mail = Mail("a@b.example", "x", "Text\n", "<a@b>", headers={"List-Unsubscribe": link})
    assert f"List-Unsubscribe: {link}\r\n".encode() in written(SETTINGS, mail, NOW)


def test_an_id_is_made_of_its_delivery_alone() -> None:
    assert message_id(SETTINGS, "reminder:01ab:2") == "<reminder.01ab.2@acme.example>"
