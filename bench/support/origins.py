"""Two origins for a page and what it embeds: the host's and ours."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import brotli

from widget.snippet import files

PAGE = (
    "<!doctype html><html lang=en><title>Host</title><h1>Orders</h1>"
    "<p>What the customer came for.</p>{embed}"
)


class Origins:
    """Serves a host page at ``host`` and the widget's files, compressed, at ``ours``."""

    def __enter__(self) -> "Origins":
        self._page = b""
        self._compressed = {
            path: brotli.compress(file.content, quality=11) for path, file in files().items()
        }
        origins = self

        class Host(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                _send(self, "text/html; charset=utf-8", origins._page)

            def log_message(self, *args: object) -> None:
                pass

        class Ours(Host):
            def do_GET(self) -> None:
                _send(self, files()[self.path].content_type, origins._compressed[self.path], "br")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                _send(self, "text/plain", b"")

        self._servers = [ThreadingHTTPServer(("127.0.0.1", 0), kind) for kind in (Host, Ours)]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.host, self.ours = (f"http://127.0.0.1:{s.server_port}" for s in self._servers)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def show(self, embed: str) -> None:
        """What the host page carries from now on."""
        self._page = PAGE.format(embed=embed).encode()


def _send(to: BaseHTTPRequestHandler, kind: str, content: bytes, encoding: str = "") -> None:
    to.send_response(200)
    to.send_header("Content-Type", kind)
    to.send_header("Content-Length", str(len(content)))
    to.send_header("Access-Control-Allow-Origin", "*")
    if encoding:
        to.send_header("Content-Encoding", encoding)
    to.end_headers()
    to.wfile.write(content)
