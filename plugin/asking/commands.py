"""``gensvar ask``."""

import argparse

from plugin.asking.actions import Wish, decide
from plugin.asking.invitation import document
from plugin.command import Commands, add, add_json, opened, show
from plugin.people.rules import ContactName
from plugin.touchpoints.rules import CHANNELS
from widget.tokens import Tokens


def add_commands(commands: Commands) -> None:
    ask = add(commands, "ask", "decide whether a contact is asked, and print the invitation", _ask)
    ask.add_argument("installation", help="for example hubspot:123")
    ask.add_argument("contact", help="the CRM's record id, or an e-mail address")
    ask.add_argument("touchpoint", help="a touchpoint's key")
    ask.add_argument("--channel", choices=CHANNELS, default="widget")
    ask.add_argument("--locale", default="", help="language of the question, for example sv")
    add_json(ask)


def _ask(args: argparse.Namespace) -> int:
    by_email = "@" in args.contact
    name = (
        ContactName(field="email", value=args.contact) if by_email else ContactName(id=args.contact)
    )
    wish = Wish(args.installation, name, args.touchpoint, args.channel, args.locale)
    with opened() as shared:
        tokens = Tokens(shared.settings.signing_keys, shared.clock.now)
        answer = document(shared, tokens, wish, decide(shared, wish))
    show(args, answer, [f"{key}: {value}" for key, value in answer.items()])
    return 0
