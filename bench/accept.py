"""Answers accepted per second: ``python -m bench.accept [--database sqlite|postgresql|both]``.

Gensvar as `gensvar serve` runs it, with all checks, an allowed origin, a comment, and answer and deliveries
committed durably, against a bare Flask route (bench/support/bare.py) on the same server and in the same
database. Every post carries another token; scores are uniform, so 7 of 11 answers are a detractor's and owe
a task. Both are measured by turns in one run; figures are medians over the rounds. At the end the rows are
counted: what was accepted must be there.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

import sqlalchemy as sa

from bench.support import bare, planting
from bench.support.contest import Side, at_half, flat_out, warm_up
from bench.support.databases import KINDS, analyze, fresh
from bench.support.figures import median, say, spread
from bench.support.load import Loader
from bench.support.processes import free_port, gensvar, python, running
from bench.support.requests import Counter, answer_requests, bare_requests
from bench.support.settings import environ
from plugin.answers.store import answer, revision
from plugin.db import Database
from plugin.deliveries.store import delivery

INSTALLATION = "hubspot:1"


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    for kind in KINDS if args.database == "both" else (args.database,):
        with fresh(kind) as url, Loader() as loader:
            _measure(kind, url, loader, args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--processes", type=int, default=1, help="web processes (PostgreSQL)")
    parser.add_argument("--worker", action="store_true", help="with the worker beside the web")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=1500, help="in each round")
    parser.add_argument("--connections", type=int, default=32)
    return parser


def _measure(kind: str, url: str, loader: Loader, args: argparse.Namespace) -> None:
    database = Database(url)
    bare.prepare(url)
    planting.add_touchpoint(database)
    planting.add_lane(database, INSTALLATION)
    counter = Counter()
    with ExitStack() as stack:
        base = _bare(url, counter, stack, args)
        ours = _gensvar(url, database, counter, stack, args)
        warm_up([base, ours], loader, count=args.requests, connections=args.connections)
        analyze(database)
        how = {"rounds": args.rounds, "connections": args.connections}
        flat_out([base, ours], loader, count=args.requests, **how)
        half = at_half([base, ours], base, loader, count=args.requests // 2, **how)
    _print(kind, base, ours, half)
    _count(kind, database, ours)
    database.close()


def _bare(url: str, counter: Counter, stack: ExitStack, args: argparse.Namespace) -> Side:
    port = free_port()
    command = python("-m", "bench.support.serve_bare", f"{port}", f"{args.processes}")
    program = stack.enter_context(running(command, port, environ(url, port)))
    return Side("bare route", port, program, partial(bare_requests, counter))


def _gensvar(
    url: str, database: Database, counter: Counter, stack: ExitStack, args: argparse.Namespace
) -> Side:
    port = free_port()
    chosen = ["--port", f"{port}", "--processes", f"{args.processes}"]
    command = gensvar("serve", *chosen, *([] if args.worker else ["--no-worker"]))
    program = stack.enter_context(running(command, port, environ(url, port)))

    def requests(count: int) -> list[bytes]:
        numbers = counter.take(count)
        contacts = [str(number) for number in numbers]
        return answer_requests(planting.tokens(database, INSTALLATION, contacts), numbers)

    return Side("gensvar", port, program, requests)


def _print(kind: str, base: Side, ours: Side, half: float) -> None:
    for side in (base, ours):
        say(f"{kind}, {side.name}: accepted per second", spread(side.rates))
        say(f"{kind}, {side.name}: processor time an answer", spread(side.processor, 2, " ms"))
    ratios = [mine / its for mine, its in zip(ours.rates, base.rates, strict=True)]
    say(f"{kind}: Gensvar's rate as a share of the bare route's", spread(ratios, 2), "0.60 or more")
    for side in (base, ours):
        say(f"{kind}, {side.name}: p50 at {half:.0f}/s", spread(side.percentiles(0.5), 1, " ms"))
        say(f"{kind}, {side.name}: p99 at {half:.0f}/s", spread(side.percentiles(0.99), 1, " ms"))
    multiple = median(ours.percentiles(0.99)) / median(base.percentiles(0.99))
    say(
        f"{kind}: Gensvar's p99 as a multiple of the bare route's", f"{multiple:.2f}", "1.5 or less"
    )


def _count(kind: str, database: Database, ours: Side) -> None:
    """Raises ``AssertionError`` when an answer that was accepted is not there."""
    sent = ours.sent
    with database.read() as connection:
        stored = connection.scalar(sa.select(sa.func.count()).select_from(answer))
        said = connection.scalar(sa.select(sa.func.count()).select_from(revision))
        owed = connection.execute(
            sa.select(delivery.c.kind, sa.func.count()).group_by(delivery.c.kind)
        ).all()
    say(f"{kind}: sent, stored, revisions", f"{sent}, {stored}, {said}", "all alike")
    for what, number in sorted(tuple(row) for row in owed):
        say(f"{kind}: owed of kind {what}", f"{number}")
    assert sent == stored == said


if __name__ == "__main__":
    main()
