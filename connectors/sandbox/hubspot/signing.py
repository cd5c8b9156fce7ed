"""Requests from HubSpot to the app, signed with the vendor's own helper: so that what verifies them is not tried
against itself."""

import time
from urllib.parse import quote, urlencode

from hubspot.utils.signature import Signature

# What the real thing decodes before it signs, and nothing else.
SPELLED = {quote(sign, safe=""): sign for sign in ":/?@!$'()*,;"}


def v3(secret: str, method: str, url: str, body: str) -> dict[str, str]:
    at = str(int(time.time() * 1000))
    signed = Signature.get_signature(secret, body, "v3", _plain(url), method, at)
    return {"X-HubSpot-Signature-v3": signed, "X-HubSpot-Request-Timestamp": at}


def v2(secret: str, method: str, url: str, body: str) -> dict[str, str]:
    signed = Signature.get_signature(secret, body, "v2", url, method)
    return {"X-HubSpot-Signature": signed, "X-HubSpot-Signature-Version": "v2"}


def query(values: dict[str, str]) -> str:
    return urlencode(values, quote_via=quote, safe="")


def _plain(url: str) -> str:
    for spelled, sign in SPELLED.items():
        url = url.replace(spelled, sign)
    return url
