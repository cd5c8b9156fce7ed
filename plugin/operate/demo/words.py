"""What the demo prints once everything runs."""

from collections.abc import Sequence
from pathlib import Path

from plugin.operate.demo.people import Customer
from plugin.operate.demo.ports import Ports


def ready(
    ports: Ports, customers: Sequence[Customer], admin_link: str, shell: Path, log: Path
) -> list[str]:
    hub = next(customer for customer in customers if customer.crm == "hubspot")
    org = next(customer for customer in customers if customer.crm == "salesforce")
    return [
        "",
        "The demo is running. Nothing leaves this machine.",
        "",
        *_host_page(ports),
        "",
        *_records(ports, hub, org),
        "",
        "3. The admin pages: this link works once; choose a name and a password there",
        f"   {admin_link}",
        "",
        *_mails(ports),
        "",
        *_story(ports),
        "",
        f"Other commands on this demo:  . {shell} && .venv/bin/gensvar deliveries",
        f"The server's log:             {log}",
        "Ctrl-C ends everything; the next start begins anew.",
    ]


def _host_page(ports: Ports) -> list[str]:
    return [
        "1. The host page: a customer portal with the question in it",
        f"   {ports.url('host page')}/",
        "   Choose 3, write why, send it. The page links to that customer's record in the CRM:",
        "   within seconds score, comment and category stand there, and a task with the owner.",
        "   Sign in as somebody else there: eleven languages, both CRMs, one who unsubscribed",
        "   from e-mail, one whose records were merged, one whose owner has left.",
        "   Whoever has answered is not asked again for 90 days; started with",
        "   GENSVAR_TIME_SCALE=1440 a day lasts a minute.",
    ]


def _records(ports: Ports, hub: Customer, org: Customer) -> list[str]:
    return [
        "2. A contact's record in each sandbox CRM, and all contacts",
        f"   HubSpot     {hub.name}: {hub.record_url}",
        f"               {ports.url('HubSpot')}/",
        f"   Salesforce  {org.name}: {org.record_url}",
        f"               {ports.url('Salesforce')}/",
        "   Each shows the rep's card: send a survey now, mark the follow-up handled. Under",
        "   'Change this record' merge two contacts, close a task or delete a person, and see",
        "   it here within seconds. Close a ticket or case there, and a mail that asks about it is",
        "   caught below; reopened and closed again it does not ask twice.",
    ]


def _mails(ports: Ports) -> list[str]:
    return [
        "4. The mail catcher: the question as it comes by e-mail, and every other mail of this demo",
        f"   {ports.url('mail page')}/",
        "   Let 'A scanner visits' follow all links of the question: nothing of it counts. Then",
        "   answer by one of them yourself: that counts, and no reminder comes any more.",
    ]


def _story(ports: Ports) -> list[str]:
    return [
        "5. The story: three customers complained of slow replies, and you have changed that",
        f"   {ports.url('Gensvar')}/admin/changes",
        "   Open 'We answer within a day', see who asked for it, and mark it done. 'Who is told, and",
        "   when' says whom a mail reaches and why one it does not reach: tick the line on a page,",
        "   save, look at what somebody would get, and tell them. Then see the mails in the mail",
        "   catcher; the timeline in the CRM of Maja Lindholm (HubSpot) and Lukas Brandt (Salesforce);",
        "   the line on the host page, signed in as Freja Kjær (HubSpot); and the change on the trend:",
        f"   {ports.url('Gensvar')}/admin/trend",
        "   There an earlier change, deliveries announced the day before, has its figures before",
        "   and after: 'did it help?' says what may be claimed.",
    ]
