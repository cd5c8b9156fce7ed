"""Every app compiles the templates it renders, which takes longer than most tests, and a process of tests makes a
thousand apps: what was compiled once is taken again."""

from types import CodeType
from typing import Any

from flask.templating import Environment
from jinja2.bccache import Bucket, BytecodeCache

_make = Environment.__init__


class _Kept(BytecodeCache):
    """By template and its text."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._compiled[bucket.key, bucket.checksum] = bucket.code


_kept = _Kept()


def _with_what_was_compiled(environment: Environment, *args: Any, **options: Any) -> None:
    _make(environment, *args, **options)
    environment.bytecode_cache = _kept


Environment.__init__ = _with_what_was_compiled  # type: ignore[method-assign]
