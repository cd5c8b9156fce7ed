"""``python -m bench.support.sandbox hubspot|salesforce CONTACTS [bare]``: a sandbox CRM with that many contacts.
``bare`` is one that refuses unique key fields on activities.

Of ten contacts six have an active owner of their own, one an owner who left, two only a company (account)
with an owner, one nobody. The first line printed is JSON: address, a token, account id, contacts' ids.
"""

import json
import signal
import sys
import threading
from typing import Any

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.salesforce import SalesforceSandbox

OWNERS = 8


def main() -> None:
    crm, count = sys.argv[1], int(sys.argv[2])
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    bare = "bare" in sys.argv[3:]
    sandbox, contacts = (_hubspot if crm == "hubspot" else _salesforce)(count, bare)
    with sandbox:
        said = {"url": sandbox.url, "token": sandbox.token(), "contacts": contacts}
        print(json.dumps(said), flush=True)
        ended.wait()


def _hubspot(count: int, bare: bool) -> tuple[Any, list[str]]:
    hub = HubSpotSandbox(activity_properties=not bare)
    owners = [hub.add_owner(f"Rep{n}", "Berg", f"rep{n}@nordlys.example") for n in range(OWNERS)]
    left = hub.add_owner("Left", "Berg", "left@nordlys.example", active=False)
    companies = [hub.add_company(f"Company {n}", owner=owners[n]) for n in range(OWNERS)]
    contacts = []
    for n in range(count):
        more: dict[str, Any] = {"firstname": "C", "lastname": f"{n}"}
        if n % 10 < 6:
            more["owner"] = owners[n % OWNERS]
        elif n % 10 == 6:
            more |= {"owner": left, "company": companies[n % OWNERS]}
        elif n % 10 < 9:
            more["company"] = companies[n % OWNERS]
        contacts.append(hub.add_contact(f"c{n}@customer.example", **more).id)
    return hub, contacts


def _salesforce(count: int, bare: bool) -> tuple[Any, list[str]]:
    org = SalesforceSandbox(refuses_unique_activity_field=bare)
    owners = [org.add_user(f"Rep{n}", "Berg") for n in range(OWNERS)]
    left = org.add_user("Left", "Berg", active=False)
    accounts = [org.add_account(f"Company {n}", owner=owners[n]) for n in range(OWNERS)]
    contacts = []
    for n in range(count):
        owner = left if n % 10 >= 6 else owners[n % OWNERS]
        account = accounts[n % OWNERS] if n % 10 < 9 else None
        made = org.add_contact(f"c{n}@customer.example", owner=owner, account=account)
        contacts.append(made)
    return org, contacts


if __name__ == "__main__":
    main()
