"""A link as a QR code, drawn here: no other site learns the link."""

import io
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from segno import QRCode

BORDER = 4  # modules of white around it, as ISO/IEC 18004 wants


def svg(link: str) -> Markup:
    """An ``<svg>`` that takes the size of what it stands in; black on white in the dark too."""
    drawn = _code(link).svg_inline(border=BORDER, omitsize=True, light="#fff")
    return Markup(drawn)  # noqa: S704 - made of numbers


def file(link: str) -> bytes:
    """The same as a file to print."""
    written = io.BytesIO()
    _code(link).save(written, kind="svg", border=BORDER, scale=8, light="#fff")
    return written.getvalue()


def _code(link: str) -> "QRCode":
    """As coarse as it can be: our links are long, and a screen or a sheet of paper loses nothing."""
    import segno  # only where one is drawn: it is most of a megabyte of tables

    return segno.make_qr(link, error="l")
