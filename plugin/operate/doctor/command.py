"""Runs the checks in order, as far as they can go."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict

from sqlalchemy.exc import SQLAlchemyError

from plugin import config, logs
from plugin.command import show
from plugin.config import BadSetting, Settings
from plugin.db import Database
from plugin.operate.doctor import crms, database, files, mail, work
from plugin.operate.doctor.finding import Finding, bad, look, ok
from plugin.wiring import build_services


def doctor(args: argparse.Namespace) -> int:
    """1 when anything is bad."""
    logs.configure("error")
    found = list(_all())
    healthy = not any(finding.level == "bad" for finding in found)
    document = {"healthy": healthy, "findings": [asdict(finding) for finding in found]}
    show(args, document, _lines(found))
    return 0 if healthy else 1


def _all() -> Iterator[Finding]:
    try:
        settings = config.read()
    except BadSetting as error:
        yield bad("settings", str(error), "Correct it; nothing else can be looked at before.")
        return
    yield from _settings(settings)
    yield from files.keys(settings)
    yield from mail.mail(settings)
    if missing := database.missing(settings):
        yield missing
        return
    with closing(Database(settings.database_url)) as opened:
        found = database.database(settings, opened)
        yield from found
        if any(finding.level == "bad" for finding in found):
            return
        yield from work.work(opened)
    if files.there_are_keys(settings):
        try:
            whole = config.load()
        except BadSetting as error:
            yield bad("keys", str(error), "docs/operating.md, Backup, says what is lost without.")
        else:
            yield from _crms(whole)


def _crms(settings: Settings) -> Iterator[Finding]:
    shared = build_services(settings)
    try:
        yield from crms.crms(shared)
    except SQLAlchemyError as error:
        yield bad("CRMs", f"The database does not answer ({type(error).__name__}).", "Try again.")
    finally:
        shared.database.close()


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        yield ok("settings", f"mode {settings.env}, public address {settings.address()}")
    except BadSetting as error:
        yield bad("settings", str(error), "Set it and start again.")
    if settings.allowed_origins:
        yield ok("origins", "the widget may stand on " + ", ".join(settings.allowed_origins))
    else:
        yield look(
            "origins",
            "No host page may carry the widget.",
            "Name their origins in GENSVAR_ALLOWED_ORIGINS, for example https://www.example.com.",
        )


def _lines(found: Iterable[Finding]) -> list[str]:
    return [
        f"{finding.level:<5} {finding.about}: {finding.words}"
        + (f"\n      -> {finding.do}" if finding.do else "")
        for finding in found
    ]
