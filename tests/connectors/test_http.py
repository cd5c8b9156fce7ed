"""Time and size limits of outbound calls, against servers that misbehave on a real socket."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import urllib3

from connectors import deadline, http

TOTAL = 0.6
SLACK = 0.5


def drip(text: bytes) -> Callable[[socket.socket], None]:
    def serve(peer: socket.socket) -> None:
        for byte in text:
            peer.sendall(bytes([byte]))
            time.sleep(0.05)

    return serve


def say(text: bytes) -> Callable[[socket.socket], None]:
    def serve(peer: socket.socket) -> None:
        peer.recv(65536)
        peer.sendall(text)

    return serve


def silent(peer: socket.socket) -> None:
    time.sleep(3)


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def run() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(peer,), daemon=True).start()

    def one(peer: socket.socket) -> None:
        try:
            with peer:
                behave(peer)
        except OSError:
            pass

    threading.Thread(target=run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()


def get_with_requests(url: str) -> None:
    http.session(loopback=True, total=TOTAL).get(url, timeout=60)


def get_with_urllib3(url: str) -> None:
    http.pool_manager(total=TOTAL).request("GET", url, timeout=None)


HANGING = {
    "says nothing": silent,
    "drips its headers": drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500),
    "drips endless status": drip(b"H" * 500),
    "drips its body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500),
    "drips chunks": drip(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200
    ),
}


@pytest.mark.parametrize("get", [get_with_requests, get_with_urllib3])
@pytest.mark.parametrize("behave", HANGING.values(), ids=HANGING)
def test_a_call_ends_in_time_whatever_the_server_does(
    behave: Callable[[socket.socket], None], get: Callable[[str], None]
) -> None:
    with server(behave) as url:
        started = time.monotonic()
        with pytest.raises(http.TRANSPORT_ERRORS) as caught:
            get(url)
        took = time.monotonic() - started
    assert TOTAL - 0.1 <= took <= TOTAL + SLACK
    failure = http.unreachable(caught.value)
    assert failure.code == "timeout"
    assert failure.unknown
    assert "127.0.0.1" not in str(failure)


def test_a_server_that_reads_slowly_cannot_hold_a_large_post() -> None:
    def sip(peer: socket.socket) -> None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(100):
            peer.recv(512)
            time.sleep(0.05)

    with server(sip) as url:
        started = time.monotonic()
        with pytest.raises(requests.RequestException):
            http.session(loopback=True, total=TOTAL).post(url, data=b"x" * 30_000_000)
        assert time.monotonic() - started <= TOTAL + SLACK


def test_a_tls_handshake_that_never_comes_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(silent) as url:
        started = time.monotonic()
        with pytest.raises(requests.RequestException) as caught:
            http.session(loopback=True, total=TOTAL).get(url.replace("http:", "https:"))
        assert time.monotonic() - started <= TOTAL + SLACK
    assert http.unreachable(caught.value).code == "timeout"


def test_a_name_that_is_never_resolved_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline.socket, "getaddrinfo", lambda *a, **k: time.sleep(2) or [])
    started = time.monotonic()
    with pytest.raises(requests.RequestException) as caught:
        http.session(total=TOTAL).get("https://crm.example/")
    assert time.monotonic() - started <= TOTAL + SLACK
    failure = http.unreachable(caught.value)
    assert (failure.code, failure.unknown) == ("timeout", False)


def test_calls_made_together_share_one_deadline() -> None:
    def slow(peer: socket.socket) -> None:
        peer.recv(65536)
        time.sleep(0.4)
        peer.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    with server(slow) as url:
        calls = http.session(loopback=True)
        started = time.monotonic()
        with http.within(TOTAL), http.within(60):
            assert calls.get(url).status_code == 204
            with pytest.raises(requests.RequestException):
                calls.get(url)
        assert time.monotonic() - started <= TOTAL + SLACK
        with http.within(0.01), http.within(5, fresh=True):
            assert calls.get(url).status_code == 204


def test_a_refused_connection_is_known_not_to_have_been_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(requests.ConnectionError) as caught:
        http.session(loopback=True).get(f"http://127.0.0.1:{port}/")
    failure = http.unreachable(caught.value)
    assert (failure.code, failure.unknown) == ("no_connection", False)


def test_a_reset_after_sending_leaves_the_outcome_unknown() -> None:
    def reset(peer: socket.socket) -> None:
        peer.recv(65536)

    with server(reset) as url, pytest.raises(requests.ConnectionError) as caught:
        http.session(loopback=True).post(url, data=b"x")
    assert http.unreachable(caught.value).unknown


def test_a_failed_call_is_not_repeated() -> None:
    seen: list[bytes] = []

    def unavailable(peer: socket.socket) -> None:
        seen.append(peer.recv(65536))
        peer.sendall(b"HTTP/1.1 503 No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")

    with server(unavailable) as url:
        assert http.session(loopback=True).get(url).status_code == 503
        assert http.pool_manager().request("GET", url).status == 503
    assert len(seen) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    seen: list[bytes] = []

    def elsewhere(peer: socket.socket) -> None:
        seen.append(peer.recv(65536))
        peer.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with server(elsewhere) as other:
        answer = f"HTTP/1.1 {status} Moved\r\nLocation: {other}\r\nContent-Length: 0\r\n\r\n"
        with server(say(answer.encode())) as url:
            assert http.session(loopback=True).get(url).status_code == status
            assert http.pool_manager().request("GET", url).status == status
    assert not seen


def test_a_body_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline._Deadlined, "body_limit", 1000)
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000
    with server(say(large)) as url:
        for get in (get_with_requests, get_with_urllib3):
            with pytest.raises(http.TRANSPORT_ERRORS) as caught:
                get(url)
            assert http.unreachable(caught.value).code == "answer_unreadable"


def test_a_compressed_body_we_did_not_ask_for_is_refused() -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    with (
        server(say(head.encode() + bomb)) as url,
        pytest.raises(requests.RequestException) as caught,
    ):
        http.session(loopback=True).get(url)
    assert http.unreachable(caught.value).code == "answer_unreadable"


def test_plain_http_is_refused_outside_demo_and_tests() -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        http.session().get("http://127.0.0.1:9/")


def test_netrc_never_adds_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    session = http.session()
    prepared = session.prepare_request(requests.Request("GET", "https://crm.example/"))
    assert "Authorization" not in prepared.headers


def test_a_certificate_of_our_own_making_is_refused(tls_server: str) -> None:
    with pytest.raises(requests.exceptions.SSLError) as caught:
        http.session(loopback=True).get(tls_server)
    failure = http.unreachable(caught.value)
    assert (failure.code, failure.unknown) == ("tls", False)


def test_the_deadline_holds_over_tls(tls_server: str) -> None:
    calls = http.session(loopback=True, total=TOTAL)
    calls.verify = False
    started = time.monotonic()
    with (
        pytest.warns(urllib3.exceptions.InsecureRequestWarning),
        pytest.raises(requests.RequestException),
    ):
        calls.get(tls_server)
    assert TOTAL - 0.1 <= time.monotonic() - started <= TOTAL + SLACK


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))

    def serve(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as tls:
            drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500)(tls)

    with server(serve) as url:
        yield url.replace("http:", "https:")


def _self_signed(folder: Path) -> str:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return str(path)
