"""How many calls and seconds an install takes: ``python -m bench.install``.

``gensvar install`` puts everything into an empty sandbox portal and org, and is then run once more, which must write
nothing. The sandboxes count the calls; Salesforce's deploy is done there with the second look at it, while a real
org takes minutes for it and is asked every two seconds.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence

from bench.support.crm import CRMS, Crm, sandbox
from bench.support.databases import KINDS, fresh
from bench.support.figures import say
from bench.support.settings import environ

ASKING = ("GET", "POST /oauth", "POST /services/oauth2")  # what only asks, by how its line begins
SEARCH = "/search"  # and by how it ends


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    for name in CRMS if args.crm == "both" else (args.crm,):
        with fresh(args.database) as url, sandbox(name, 1) as crm:
            _measure(crm, url, args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--crm", choices=(*CRMS, "both"), default="both")
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--calls", action="store_true", help="each call by method and path, too")
    return parser


def _measure(crm: Crm, url: str, args: argparse.Namespace) -> None:
    chosen = environ(url, 8000, LOG_LEVEL="error", **crm.settings())
    for which, bar in (("into nothing", ""), ("once more", "0 writes")):
        crm.forget_calls()
        began = time.monotonic()
        crm.connect(chosen)
        took = time.monotonic() - began
        calls = crm.calls()
        _print(f"{crm.name}: install {which}", calls, took, bar, every=args.calls)


def _print(what: str, calls: Counter[str], took: float, bar: str, *, every: bool) -> None:
    for path, count in sorted(calls.items()) if every else ():
        say(f"{what}: {path}", f"{count}")
    writes = sum(count for path, count in calls.items() if not _asks(path))
    say(f"{what}: calls, writes, seconds", f"{sum(calls.values())}, {writes}, {took:.1f}", bar)


def _asks(path: str) -> bool:
    return path.startswith(ASKING) or path.endswith(SEARCH)


if __name__ == "__main__":
    main()
