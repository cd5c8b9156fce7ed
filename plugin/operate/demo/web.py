"""``gensvar serve`` for the demo: as anywhere, but it ends when the demo is killed without a chance to stop it."""

import ctypes
import signal
import sys

from plugin import config
from plugin.operate.serve import serve

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent() -> None:
    """Where the system can be asked to: SIGTERM for us when whoever started us is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    end_with_parent()
    port = int(sys.argv[1])
    sys.exit(serve(config.load(), host="127.0.0.1", port=port, processes=1, with_worker=True))
