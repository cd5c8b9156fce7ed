"""What comes back from the process that writes is whose it is, or nobody's."""

import json
import subprocess
import sys

from tests.support.programs import ROOT


def test_each_gets_what_became_of_its_own_item(database_url: str) -> None:
    program = [sys.executable, "-m", "tests.support.scribing", database_url]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert json.loads(ran.stdout.splitlines()[-1]) == [
        "FIRST",
        "CutOff",  # an error that could not travel
        "AFTER",
        "Interrupted",
        "ANOTHER'S",
        "LAST",
    ], ran.stderr
