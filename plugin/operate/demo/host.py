"""A customer portal that is not ours: its own origin, a strict content policy, a server that asks for the survey."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from flask import Flask, Response, render_template, request, send_file
from markupsafe import Markup

from plugin.asking.words import because
from plugin.operate.demo.people import CRMS, Customer
from plugin.operate.demo.seeding import COMPANY

HERE = Path(__file__).parent
PAGES = {
    "support-case": "Support",
    "delivery": "Deliveries",
    "relationship": "Account",
}
WAITS = 10


@dataclass(frozen=True, slots=True)
class Host:
    """What the host's server knows: where Gensvar is, its API keys, and its own customers."""

    gensvar: str
    keys: Mapping[str, str]
    customers: Sequence[Customer]
    mails: str = ""

    def policy(self) -> str:
        """Scripts and requests: Gensvar's origin and no other, not even our own."""
        return (
            f"default-src 'none'; script-src {self.gensvar}; connect-src {self.gensvar}; "
            "style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )

    def find(self, key: str) -> Customer:
        found = (customer for customer in self.customers if customer.key == key)
        return next(found, self.customers[0])


@dataclass(frozen=True, slots=True)
class Exchange:
    """What our server sent to Gensvar and got back, as a developer wants to see it."""

    sent: str
    got: str
    status: int
    answer: dict[str, Any]

    @property
    def snippet(self) -> Markup:
        """Made and escaped by Gensvar for exactly this place."""
        return Markup(self.answer.get("snippet", ""))  # noqa: S704

    @property
    def notice(self) -> Markup:
        """The line about a change, where one waits for this customer; made and escaped likewise."""
        return Markup(self.answer.get("notice", {}).get("snippet", ""))  # noqa: S704


def create_host(host: Host) -> Flask:
    app = Flask(__name__, template_folder=str(HERE / "templates"))

    @app.get("/")
    def page() -> Response:
        customer = host.find(request.args.get("customer", ""))
        touchpoint = request.args.get("page", "")
        if touchpoint not in PAGES:
            touchpoint = "support-case"
        by_email = customer.opted_out and request.args.get("channel") == "email"
        html = render_template(
            "host.html",
            host=host,
            company=COMPANY,
            crms=CRMS,
            pages=PAGES,
            page=touchpoint,
            customer=customer,
            by_email=by_email,
            because=because,
            exchange=_ask(host, customer, touchpoint, "email" if by_email else "widget"),
        )
        return _protected(host, Response(html))

    @app.get("/host.css")
    def style() -> Response:
        return _protected(host, send_file(HERE / "host.css", mimetype="text/css"))

    return app


def _protected(host: Host, response: Response) -> Response:
    response.headers["Content-Security-Policy"] = host.policy()
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _ask(host: Host, customer: Customer, touchpoint: str, channel: str) -> Exchange:
    """One request for each page shown: a reload is not a second ask."""
    body = {"contact": customer.named, "touchpoint": touchpoint}
    body |= {"locale": customer.locale} if customer.locale else {}
    body |= {"channel": channel} if channel != "widget" else {}
    try:
        reply = requests.post(
            f"{host.gensvar}/api/v1/asks",
            json=body,
            headers={"Authorization": f"Bearer {host.keys[customer.installation]}"},
            timeout=WAITS,
        )
        answer, status = reply.json(), reply.status_code
    except (requests.RequestException, ValueError) as error:
        answer, status = {"detail": f"Gensvar does not answer ({type(error).__name__})."}, 0
    return Exchange(_pretty(body), _pretty(answer), status, answer)


def _pretty(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
