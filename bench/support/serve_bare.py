"""``python -m bench.support.serve_bare PORT PROCESSES``: the bare route on the very server of Gensvar.

The database stands in ``GENSVAR_DATABASE_URL``, as for Gensvar, and SQLite's log is brought into its file in the
same way: neither side waits for that.
"""

import sys
from typing import Any

from bench.support import bare
from plugin import config
from plugin.db import Database
from plugin.operate.checkpoints import start_checkpoints
from plugin.operate.serve import _Server


class _Bare(_Server):
    def load(self) -> Any:
        if self._settings.embedded:
            self._stops.append(start_checkpoints(Database(self._settings.database_url)))
        return bare.create_app(self._settings.database_url)


def main() -> None:
    port, processes = sys.argv[1:]
    _Bare(config.load(), f"127.0.0.1:{port}", int(processes), with_worker=False).run()


if __name__ == "__main__":
    main()
