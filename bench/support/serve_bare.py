"""``python -m bench.support.serve_bare PORT PROCESSES``: the bare route on the very server of Gensvar.

The database stands in ``GENSVAR_DATABASE_URL``, as for Gensvar.
"""

import sys
from typing import Any

from bench.support import bare
from plugin import config
from plugin.operate.serve import _Server


class _Bare(_Server):
    def load(self) -> Any:
        return bare.create_app(self._settings.database_url)


def main() -> None:
    port, processes = sys.argv[1:]
    _Bare(config.load(), f"127.0.0.1:{port}", int(processes), with_worker=False).run()


if __name__ == "__main__":
    main()
