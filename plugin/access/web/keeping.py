"""A form that came too late, after its session had ended: what was typed is kept in the page that says so, and can be
sent once more. It stands in that page alone, never here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from plugin.access.guard import CLOSED
from plugin.access.rules import safe_return
from plugin.access.web import blueprint
from plugin.addresses import origin
from plugin.services import services
from plugin.strict import storable

SECRETS = frozenset({"current", "password", "new_password", "client_secret", "token"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Fields in their order, and the address of ours they were on their way to."""

    to: str
    fields: Sequence[tuple[str, str]]

    @property
    def text(self) -> str:
        """As it stands in a hidden field while its owner signs in."""
        return json.dumps([self.to, self.fields], ensure_ascii=False)


def kept() -> Kept | None:
    """What this request wanted to send. Nothing for what another site made a browser send, which a click must not
    let pass; nor for a form with a secret or a file in it, nor for a mere button."""
    ours = request.headers.get("Origin") == origin(services().settings.base_url)
    if not ours or request.method != "POST" or not request.path.startswith(CLOSED):
        return None
    if SECRETS & request.form.keys() or any(file.filename for file in request.files.values()):
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return Kept(request.full_path.rstrip("?"), fields) if fields else None


def opened(text: str) -> Kept | None:
    """From ``Kept.text``, if it is one."""
    try:
        to, fields = json.loads(text)
        found = Kept(to, [(str(name), str(value)) for name, value in fields])
    except (ValueError, TypeError, RecursionError):
        return None
    ours = isinstance(to, str) and safe_return(to) == to and storable(found.text)
    return found if ours else None


@blueprint.app_context_processor
def _for_problems() -> dict[str, object]:
    return {"kept_form": kept}
