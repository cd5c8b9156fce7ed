"""The suite's fixtures; each kind lives in `tests/support/`."""

from hypothesis import settings

pytest_plugins = [
    "tests.support.databases",
    "tests.support.browsers",
    "tests.support.surveys",
    "tests.support.smtp",
    "tests.support.imap",
    "tests.support.routes",
    "tests.support.rubbish",
    "tests.support.statements",
    "tests.support.templates",
    "tests.support.workers",
]

# A machine that is busy with another worker is slow, not wrong.
settings.register_profile("gensvar", deadline=None)
settings.load_profile("gensvar")
