"""What a host page embeds, and the files the application serves for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from widget.locales import resolve, wording
from widget.page import VERSION

DIST = Path(__file__).parent / "dist"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

_SNIPPET = Markup(
    '<script async src="{src}" integrity="{integrity}" crossorigin="anonymous"\n'
    '        data-token="{token}"{names}></script>\n'
    '<noscript><a href="{link}">{text}</a></noscript>\n'
)
_NOTICE = Markup(
    '<script async src="{src}" integrity="{integrity}" crossorigin="anonymous"\n'
    '        data-token="{token}" data-title="{title}"\n'
    '        data-text="{text}"></script>\n'
)


@dataclass(frozen=True, slots=True)
class File:
    """One file to serve. ``immutable`` says whether its address may be cached for ever."""

    content: bytes
    content_type: str
    integrity: str
    immutable: bool


def snippet(
    base_url: str,
    token: str,
    *,
    locale: str,
    company: str | None = None,
    touchpoint: str | None = None,
    place: Literal["corner"] | None = None,
) -> str:
    """The HTML a host page carries for one customer: the script, and a link without script.

    ``base_url`` is the public address without a trailing slash. Every value is escaped; the script
    comes in the language that serves ``locale`` and only if its bytes are the released ones.
    """
    name = f"widget.{resolve(locale)}.js"
    given = {"company": company, "touchpoint": touchpoint, "place": place}
    names = Markup("").join(
        Markup(' data-{}="{}"').format(key, value) for key, value in given.items() if value
    )
    return str(
        _SNIPPET.format(
            src=f"{base_url}/{VERSION}/{name}",
            integrity=files()[f"/{VERSION}/{name}"].integrity,
            token=token,
            names=names,
            link=f"{base_url}/s/{token}",
            text=wording(locale).link,
        )
    )


def notice(base_url: str, token: str, *, locale: str, title: str, text: str) -> str:
    """The HTML that tells one customer of a change, once. Both texts are plain, and escaped here; without script there
    is nothing, because nothing can be known to have been seen."""
    name = f"notice.{resolve(locale)}.js"
    return str(
        _NOTICE.format(
            src=f"{base_url}/{VERSION}/{name}",
            integrity=files()[f"/{VERSION}/{name}"].integrity,
            token=token,
            title=title,
            text=text,
        )
    )


def plain_link(address: str, locale: str) -> str:
    """The HTML for a question that has no script: a link to its page."""
    return str(Markup('<a href="{}">{}</a>\n').format(address, wording(locale).link))


@cache
def files() -> Mapping[str, File]:
    """Every route path and what is served there: each released version for ever, and the newest
    scripts once more without a version. All may be compressed and carry ``nosniff``,
    ``Access-Control-Allow-Origin: *`` and ``Cross-Origin-Resource-Policy: cross-origin``."""
    versions = {folder.name: _released(folder) for folder in sorted(DIST.glob("v*"))}
    fixed = {
        f"/{version}/{name}": file
        for version, released in versions.items()
        for name, file in released.items()
    }
    newest = {
        f"/{name}": File(file.content, file.content_type, file.integrity, immutable=False)
        for name, file in versions[VERSION].items()
        if name.startswith("widget.")
    }
    return fixed | newest


def _released(folder: Path) -> dict[str, File]:
    """Trusts the recorded hashes, so that bytes changed by accident are refused by browsers."""
    hashes: dict[str, str] = json.loads((folder / "integrity.json").read_text("utf-8"))
    return {
        name: File((folder / name).read_bytes(), TYPES[Path(name).suffix], integrity, True)
        for name, integrity in hashes.items()
    }
