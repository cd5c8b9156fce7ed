"""A terminal that knows few letters, and a command line that holds none."""

import io
import json
import sys

from plugin.cli import main

NAMED = ("touchpoints", "add", "delivery", "--kind", "relational", "--stage", "use", "--name")


def test_what_no_letter_stands_for_is_refused_in_words(begun):
    ran = begun(*NAMED, "\udcd6verf\udcf6ring")  # as Python hands over bytes that are not UTF-8

    assert (ran.code, ran.err) == (2, "gensvar: The command line is not text in UTF-8.\n")
    assert begun("touchpoints", "--json").out == "[]\n"


def test_a_report_comes_to_its_end_on_a_terminal_without_its_letters(begun, monkeypatch):
    assert begun(*NAMED, "Överföring").code == 0
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))

    assert main(["touchpoints"]) == 0
    assert rb"\xd6verf\xf6ring" in written.getvalue()
    written.truncate(0)
    assert main(["touchpoints", "--json"]) == 0
    assert json.loads(written.getvalue().strip(b"\0"))[0]["name"] == "Överföring"
