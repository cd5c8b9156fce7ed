"""The web under its production server, with the worker beside it in the same process."""

import gc
from collections.abc import Callable
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication

from plugin import logs
from plugin.answers.doors import write_apart
from plugin.app import create_app
from plugin.command import WrongUse, prepare
from plugin.config import Settings
from plugin.operate.checkpoints import start_checkpoints
from plugin.operate.web_worker import WebWorker, understand_broken_bodies
from plugin.operate.work import start_workers
from plugin.wiring import build_services

log = structlog.get_logger()

GRACE = 8  # seconds for what is in hand; the rest of the ten belongs to the operating system
THREADS = 16


def serve(settings: Settings, *, host: str, port: int, processes: int, with_worker: bool) -> int:
    """Serves until SIGTERM or SIGINT. Raises ``WrongUse`` for what SQLite cannot do."""
    settings.address()
    if settings.embedded and processes > 1:
        raise WrongUse(
            "On SQLite one process serves: leave --processes at 1, or move to PostgreSQL."
        )
    logs.configure(settings.log_level)  # the parent of the web processes speaks too
    prepare(settings)
    server = _Server(settings, f"{host}:{port}", processes, with_worker)
    gc.freeze()  # neither the processes to come nor the end of this one need to look through what is loaded
    server.run()
    return 0


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads: the arbiter restarts a process that dies (bench/servers.py says why it)."""

    def __init__(self, settings: Settings, bind: str, processes: int, with_worker: bool) -> None:
        self._settings, self._bind, self._processes = settings, bind, processes
        self._with_worker = with_worker
        self._stops: list[Callable[[], None]] = []
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": self._bind,
            "workers": self._processes,
            "worker_class": WebWorker,
            "threads": THREADS,
            "keepalive": 75,  # longer than the proxies in front of us keep theirs
            "graceful_timeout": GRACE,
            "timeout": 60,
            "limit_request_line": 4094,
            "post_worker_init": self._settle,
            "worker_exit": self._worker_exit,
            "control_socket_disable": True,  # would be one file in $HOME for all servers of a user
            "loglevel": "warning",
            "logger_class": "plugin.operate.server_log.ServerLog",
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Runs in each process after the fork, so that no connection is shared."""
        shared = build_services(self._settings)
        app = create_app(shared)
        understand_broken_bodies(app)
        # The last of all: whoever lets go of SQLite's file as the last one empties its log into it.
        self._stops.append(shared.database.close)
        self._stops.append(write_apart(app, THREADS))
        if shared.database.embedded:
            self._stops.append(start_checkpoints(shared.database))
        if self._with_worker:
            self._stops.append(start_workers(shared, threads=1))
        return app

    def _settle(self, worker: Any) -> None:
        """What is loaded now stays: no garbage collection needs to look through it again."""
        gc.freeze()
        log.info("web_started", process=worker.pid)

    def _worker_exit(self, server: Any, worker: Any) -> None:
        for stop in reversed(self._stops):
            stop()
        log.info("web_ended", process=worker.pid)
