"""A threaded HTTP server for one WSGI app on 127.0.0.1: keep-alive, no waiting by Nagle.

Werkzeug's own closes each connection, which no CRM does: a client's handling of kept connections
would go untested.
"""

import io
import selectors
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote_to_bytes

HOST = "127.0.0.1"
App = Callable[..., Iterable[bytes]]


def given(app: App, name: str, shared: object) -> App:
    """*app*, which finds *shared* in ``environ[name]``."""

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return app({**environ, name: shared}, start)

    return answer


class LocalServer:
    """Serves *app* in a thread between ``start`` and ``stop``; port 0 takes a free one.

    ``stop`` also ends the connections that are kept open. The app finds the connection's socket in
    ``environ["sandbox.socket"]``. Raises ``OSError`` when the port is taken.
    """

    def __init__(self, app: App, port: int = 0) -> None:
        self._server = _Server((HOST, port), app)
        self.port = self._server.server_port
        self.url = f"http://{HOST}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_until_told, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.tell_to_end()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._server.server_close()
        for connection in list(self._server.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    timeout = 0  # of a caller that has gone before it was let in

    def __init__(self, address: tuple[str, int], app: App) -> None:
        self.app = app
        self.open: set[socket.socket] = set()
        self._told, self._teller = socket.socketpair()
        super().__init__(address, _Handler)

    def serve_until_told(self) -> None:
        """As ``serve_forever``, but woken up to end: that one looks at a flag, and often if it is to end at once."""
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(self._told, selectors.EVENT_READ)
            while self._told not in [key.fileobj for key, _ in selector.select()]:
                self.handle_request()

    def tell_to_end(self) -> None:
        with suppress(OSError):  # told before
            self._teller.send(b".")

    def server_close(self) -> None:
        super().server_close()
        self._told.close()
        self._teller.close()

    def server_bind(self) -> None:
        # Without the look-up of the host's name that HTTPServer makes.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def handle_error(self, *_: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handle_error(*_)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: with Nagle's algorithm each call would take 40 ms more.
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def _serve(self) -> None:
        started: list[Any] = []

        def start(status: str, headers: Any, *_: Any) -> None:
            started[:] = [status, headers]

        try:
            parts = self.server.app(self._environ(), start)
            self._answer(parts, started)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _answer(self, parts: Iterable[bytes], started: list[Any]) -> None:
        first = next(iterator := iter(parts), b"")
        status, headers = started
        code, _, phrase = status.partition(" ")
        self.send_response_only(int(code), phrase)
        given = {name.lower() for name, _ in headers}
        if "date" not in given:
            self.send_header("Date", self.date_time_string())
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in given:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(first)
            for part in iterator:
                self.wfile.write(part)

    def _environ(self) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()
        }
        return {
            **headers,
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": HOST,
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": HOST,
            "sandbox.socket": self.connection,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def log_message(self, *_: Any) -> None:
        """Say nothing: what was called is recorded by the app."""
