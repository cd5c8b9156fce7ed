"""A threaded HTTP server for one WSGI app on 127.0.0.1: keep-alive, no waiting by Nagle."""

import socket
import threading
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open as the real CRMs do, and writes no access log."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: with Nagle's algorithm each call would take 40 ms more.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: what was called is recorded by the app."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        self.close_connection = True


class LocalServer:
    """Serves *app* in a thread between ``start`` and ``stop``; port 0 takes a free one.

    Raises ``OSError`` when the port is taken.
    """

    def __init__(self, app: Any, port: int = 0) -> None:
        # A socket of our own: werkzeug ends the whole program when the port is taken.
        with socket.create_server((HOST, port), backlog=128) as listening:
            self.port: int = listening.getsockname()[1]
            self._server: BaseWSGIServer = make_server(
                HOST,
                self.port,
                app,
                threaded=True,
                request_handler=QuietHandler,
                fd=listening.fileno(),
            )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.block_on_close = False  # type: ignore[attr-defined]
        self.url = f"http://{HOST}:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()
