"""Which hosts are Salesforce. A token goes nowhere else."""

import re
from urllib.parse import SplitResult, urlsplit

from connectors.errors import Refused

LOGIN = "https://login.salesforce.com"
OURS = re.compile(r"(login|test)\.salesforce\.com|[a-z0-9-]+(\.[a-z0-9-]+)*\.my\.salesforce\.com")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def check_host(url: str, *, loopback: bool) -> str:
    """*url* as ``https://host`` if it is one of Salesforce's own; raises ``Refused``.

    With *loopback* this machine is allowed too, with a port and without TLS.
    """
    try:
        parts = urlsplit(url.strip())
        local = loopback and parts.hostname in LOOPBACK
        bare = not parts.username and not parts.password and not parts.query and not parts.fragment
        if bare and parts.path in ("", "/") and (local or _is_salesforce(parts)):
            return f"{parts.scheme}://{parts.netloc}".lower()
    except ValueError:
        pass
    raise Refused(
        "host_refused",
        "This is not an address of Salesforce. Use https://login.salesforce.com, "
        "https://test.salesforce.com or the org's own https://....my.salesforce.com.",
    )


def _is_salesforce(parts: SplitResult) -> bool:
    # The whole of the address is compared: no port, no second host hidden in it.
    return parts.scheme == "https" and OURS.fullmatch(parts.netloc.lower()) is not None
