"""Plays the application for the widget: our files, pages and API over real HTTP on one origin, and
a host page on another. What it is sent is kept; how it answers is set by each test."""

import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from widget import page, snippet

CATEGORIES = ("detractor",) * 7 + ("passive",) * 2 + ("promoter",) * 2
HTML = "text/html; charset=utf-8"


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Reply:
    """One scripted reply to a posted answer, in place of an honest one."""

    status: int = 200
    body: dict[str, Any] = field(default_factory=dict)
    delay: float = 0


class Site(ABC):
    """An origin: threads that serve, and the requests they got."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)))
                headers = {key.lower(): value for key, value in self.headers.items()}
                request = Request(self.command, self.path, headers, form)
                site.requests.append(request)
                status, extra, content = site.respond(request)
                try:
                    self.send_response(status)
                    for name, value in extra.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True

            def do_GET(self) -> None:
                self.handle_any()

            def do_POST(self) -> None:
                self.handle_any()

            def do_OPTIONS(self) -> None:
                self.handle_any()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @abstractmethod
    def respond(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Service(Site):
    """The application's origin. A second post of a token revises; what was posted is in ``answers``
    and ``events``, which are answered with ``to_events``."""

    def __init__(self) -> None:
        self.locale = "en"
        self.asked: dict[str, Any] = {}
        self.replies: list[Reply] = []
        self.said: dict[str, str] = {}
        self.to_events = 204
        super().__init__()

    @property
    def answers(self) -> list[dict[str, str]]:
        return self._posted("/api/v1/answers")

    @property
    def events(self) -> list[str]:
        return [form["event"] for form in self._posted("/api/v1/asks/events")]

    def respond(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        path = urlsplit(request.path).path
        open_to_all = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
        if file := snippet.files().get(path):
            return 200, open_to_all | {"Content-Type": file.content_type}, file.content
        if path.startswith("/s/") and request.method == "GET":
            return self._page(path.removeprefix("/s/"))
        if path == "/api/v1/asks/events" and request.method == "POST":
            return self.to_events, self._cors(request), b""
        if path == "/api/v1/answers" and request.method == "POST":
            return self._answer(request)
        return 404, {}, b""

    def _page(self, token: str) -> tuple[int, dict[str, str], bytes]:
        headers = {
            "Content-Type": HTML,
            "Content-Security-Policy": page.CONTENT_SECURITY_POLICY,
            "Referrer-Policy": "same-origin",
        }
        if token in self.said:
            html = page.thanks(locale=self.locale, category="detractor")
        else:
            html = page.question(locale=self.locale, token=token, **self.asked)
        return 200, headers, html.encode()

    def _answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        reply = self.replies.pop(0) if self.replies else Reply()
        time.sleep(reply.delay)
        if request.headers.get("accept", "").startswith("text/html"):
            self.said[request.form["token"]] = request.form["score"]
            return 303, {"Location": f"/s/{request.form['token']}"}, b""
        score = int(request.form["score"])
        honest: dict[str, Any] = {"code": "internal", "status": reply.status}
        if reply.status < 300:
            honest = {"answer_id": "a1", "category": CATEGORIES[score]}
            honest["revision"] = len(self.answers)
        headers = self._cors(request) | {"Content-Type": "application/json"}
        return reply.status, headers, json.dumps(honest | reply.body).encode()

    def _cors(self, request: Request) -> dict[str, str]:
        origin = request.headers.get("origin")
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}

    def _posted(self, path: str) -> list[dict[str, str]]:
        return [r.form for r in list(self.requests) if (r.method, r.path) == ("POST", path)]


class Host(Site):
    """A customer's application that embeds the widget, under the strictest policy it can have."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.policy = ""
        super().__init__()

    def respond(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        html = self.pages.get(urlsplit(request.path).path)
        headers = {"Content-Type": HTML}
        if self.policy:
            headers["Content-Security-Policy"] = self.policy
        return (200, headers, html.encode()) if html is not None else (404, headers, b"")


def strict_policy(origin: str) -> str:
    return f"default-src 'none'; script-src {origin}; connect-src {origin}; base-uri 'none'"


@contextmanager
def running() -> Iterator[tuple[Service, Host]]:
    service, host = Service(), Host()
    try:
        yield service, host
    finally:
        service.close()
        host.close()
